namespace ClientSideLb.Simulator;

/// <summary>The requests of some clients in some part of a run.</summary>
/// <param name="Requests">The number of requests that ended, whether they were answered or failed.</param>
/// <param name="Failures">The number of those that failed for their caller.</param>
/// <param name="Latency">The latencies of the requests that were answered.</param>
/// <param name="Attempts">The number of attempts that were sent.</param>
/// <param name="CrossZone">The number of attempts that were sent to a backend in another zone.</param>
public sealed record TrafficResult(long Requests, long Failures, LatencyDistribution Latency, long Attempts, long CrossZone)
{
    /// <summary>Gets the fraction of the requests that failed, from 0 to 1.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)Failures / Requests;

    /// <summary>Gets the fraction of the attempts that were sent to another zone, from 0 to 1.</summary>
    public double CrossZoneShare => Attempts == 0 ? 0 : (double)CrossZone / Attempts;
}
