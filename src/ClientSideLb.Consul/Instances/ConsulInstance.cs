namespace ClientSideLb.Consul.Instances;

/// <summary>An instance of a service.</summary>
/// <param name="Host">The IP address, without brackets, or the name of the host.</param>
/// <param name="Port">The port, or 0 for the default one of the scheme.</param>
/// <param name="Scheme">The scheme, or <see langword="null"/> for that of the request.</param>
/// <param name="Weight">The weight, or <see langword="null"/>.</param>
/// <param name="Zone">The zone, or <see langword="null"/>.</param>
/// <param name="Health">Whether it is draining or unhealthy, or <see langword="null"/>.</param>
internal sealed record ConsulInstance(string Host, int Port, string? Scheme, int? Weight, string? Zone, EndpointHealth? Health);
