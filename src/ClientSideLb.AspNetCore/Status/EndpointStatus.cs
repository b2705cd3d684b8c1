namespace ClientSideLb.AspNetCore.Status;

/// <summary>The status of one endpoint. Rates, shares, times and errors are those of one window, the last 10 s.</summary>
/// <param name="Address">Scheme, host, port and base path.</param>
/// <param name="Zone">The zone, or <see langword="null"/> if the endpoint has none.</param>
/// <param name="Priority">The priority. 0 is used first.</param>
/// <param name="Level">The index of its level, or <see langword="null"/> if the cluster has only one or the endpoint is no longer listed.</param>
/// <param name="Health">The name of the endpoint's <see cref="EndpointHealth"/>.</param>
/// <param name="Reason">Why the endpoint is draining, unhealthy or ejected.</param>
/// <param name="Changeable">Whether an operator can drain or resume it. The weight 0 and a drain by service discovery last whatever an operator does.</param>
/// <param name="Available">Whether the endpoint is among those that share the traffic.</param>
/// <param name="Weight">The configured weight.</param>
/// <param name="InFlight">The number of requests in flight.</param>
/// <param name="Limit">The largest number of requests in flight, or <see langword="null"/> if there is no limit.</param>
/// <param name="Penalty">The factor by which the endpoint looks busier, because attempts failed there lately; 1 without failures.</param>
/// <param name="LatencyEstimateMs">The latency that the strategy takes the endpoint to have, in milliseconds, or <see langword="null"/> if it keeps no estimate.</param>
/// <param name="RequestsPerSecond">Attempts per second.</param>
/// <param name="Share">The endpoint's share of the cluster's attempts, or <see langword="null"/> if there were none.</param>
/// <param name="FairShare">The share that its weight gives it among the endpoints that get requests, or <see langword="null"/> if it gets none.</param>
/// <param name="P50Ms">The median time to the headers of attempts that did not fail, in milliseconds.</param>
/// <param name="P99Ms">The 99th percentile of the same time, in milliseconds.</param>
/// <param name="ErrorRate">The share of the endpoint's attempts that failed.</param>
/// <param name="EjectionSecondsLeft">The seconds until a trial request may bring the endpoint back, if it is ejected.</param>
/// <param name="History">Attempts in each of the last 60 whole seconds, the oldest first.</param>
internal sealed record EndpointStatus(
    string Address,
    string? Zone,
    int Priority,
    int? Level,
    string Health,
    string? Reason,
    bool Changeable,
    bool Available,
    int Weight,
    int InFlight,
    int? Limit,
    double Penalty,
    double? LatencyEstimateMs,
    double RequestsPerSecond,
    double? Share,
    double? FairShare,
    double? P50Ms,
    double? P99Ms,
    double? ErrorRate,
    double? EjectionSecondsLeft,
    int[] History);
