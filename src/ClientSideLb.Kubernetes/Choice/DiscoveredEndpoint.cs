namespace ClientSideLb.Kubernetes.Choice;

/// <summary>An endpoint that requests may go to.</summary>
/// <param name="Scheme">The scheme, or <see langword="null"/> if it is left to the request.</param>
/// <param name="Host">The host: an IP address without brackets, or a name.</param>
/// <param name="Port">The port, or <see langword="null"/> for the default port of the scheme.</param>
internal sealed record DiscoveredEndpoint(string? Scheme, string Host, int? Port)
{
    /// <summary>Gets the zone whose clients it serves.</summary>
    internal string? Zone { get; init; }

    /// <summary>Gets its priority. 0 is used first.</summary>
    internal int Priority { get; init; }

    /// <summary>Gets a value indicating whether it gets no new requests, while those under way finish.</summary>
    internal bool IsDraining { get; init; }
}
