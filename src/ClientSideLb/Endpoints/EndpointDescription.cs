namespace ClientSideLb.Endpoints;

/// <summary>The description of one endpoint that configuration or service discovery gives.</summary>
/// <param name="Address">The address.</param>
/// <param name="Weight">Its share of the traffic, 0 to 65535; 0 means drained.</param>
/// <param name="Zone">The zone it runs in, if known.</param>
/// <param name="HostName">The name in the Host header, or <see langword="null"/> if it is the host of the address.</param>
/// <param name="Priority">0 is used first.</param>
internal sealed record EndpointDescription(EndpointAddress Address, int Weight = 1, string? Zone = null, string? HostName = null, int Priority = 0);
