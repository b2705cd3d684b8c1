namespace ClientSideLb.Endpoints;

/// <summary>What a source of endpoints says of one of them.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Weight">Its share of the traffic, 0 to 65535; 0 means drained.</param>
/// <param name="Zone">The zone it runs in, if known.</param>
/// <param name="HostName">The name it goes by in the Host header, if it is another than its address has.</param>
internal sealed record EndpointDescription(EndpointAddress Address, int Weight = 1, string? Zone = null, string? HostName = null);
