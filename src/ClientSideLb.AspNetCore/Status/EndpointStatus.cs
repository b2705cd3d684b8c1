namespace ClientSideLb;

/// <summary>One row of the page.</summary>
/// <param name="Address">Scheme, host, port and base path.</param>
/// <param name="Zone">The zone, if it was given one.</param>
/// <param name="Health">The health, as <see cref="EndpointHealth"/> names it.</param>
/// <param name="Reason">Why it is out.</param>
/// <param name="Available">Whether it shares the traffic.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="InFlight">Requests in flight.</param>
/// <param name="RequestsPerSecond">Attempts a second of the last 10 s.</param>
/// <param name="Share">Its share of the cluster's attempts of the last 10 s.</param>
/// <param name="FairShare">The share that its weight gives it among those that get requests.</param>
/// <param name="P50Ms">The median time to headers of the last 10 s, in milliseconds.</param>
/// <param name="P99Ms">The 99th percentile of it.</param>
/// <param name="ErrorRate">The share of its attempts of the last 10 s that failed.</param>
/// <param name="EjectionSecondsLeft">How long it stays ejected before it is tried.</param>
/// <param name="History">Attempts in each of the last 60 whole seconds, the oldest first.</param>
internal sealed record EndpointStatus(
    string Address,
    string? Zone,
    string Health,
    string? Reason,
    bool Available,
    int Weight,
    int InFlight,
    double RequestsPerSecond,
    double? Share,
    double? FairShare,
    double? P50Ms,
    double? P99Ms,
    double? ErrorRate,
    double? EjectionSecondsLeft,
    int[] History);
