namespace ClientSideLb.Endpoints;

/// <summary>The description of one endpoint that configuration or service discovery gives.</summary>
/// <param name="Address">The address.</param>
/// <param name="Weight">Its share of the traffic, 0 to 65535; 0 means drained.</param>
/// <param name="Zone">The zone it runs in, if known.</param>
/// <param name="HostName">The name in the Host header, or <see langword="null"/> if it is the host of the address.</param>
/// <param name="Priority">0 is used first.</param>
/// <param name="Report">The health that the source reports.</param>
internal sealed record EndpointDescription(
    EndpointAddress Address, int Weight = EndpointDescription.DefaultWeight, string? Zone = null, string? HostName = null, int Priority = 0, HealthReport Report = HealthReport.None)
{
    internal const int DefaultWeight = 1;
    internal const int MaxWeight = ushort.MaxValue;
    internal const int MaxPriority = 127;

    /// <summary>The reason that is shown for the drain of an endpoint of weight 0.</summary>
    internal const string ZeroWeight = "its weight is 0";

    /// <summary>The reason that is shown for an endpoint that the source drains.</summary>
    internal const string DrainedBySource = "service discovery drains it";

    /// <summary>Gets the reason why the source wants the endpoint to get no new requests, or <see langword="null"/> if it wants it to get them.</summary>
    internal string? DrainReason => Report == HealthReport.Draining ? DrainedBySource : Weight == 0 ? ZeroWeight : null;
}
