namespace ClientSideLb.Simulator;

/// <summary>The results of a run, measured after its warm-up unless a property says otherwise.</summary>
public sealed record RunResult
{
    /// <summary>Gets the label that distinguishes the run from others of its scenario, such as the name of the strategy.</summary>
    public required string Label { get; init; }

    /// <summary>Gets the name of the strategy, or the names if the groups of clients have different ones.</summary>
    public required string Strategy { get; init; }

    /// <summary>Gets the length of the measured time.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>Gets the number of requests that ended, whether they were answered or failed.</summary>
    public required long Requests { get; init; }

    /// <summary>Gets the number of requests that failed for their caller, by kind of failure.</summary>
    public required IReadOnlyDictionary<string, long> FailuresByKind { get; init; }

    /// <summary>Gets the number of requests that failed for their caller.</summary>
    public long Failures => FailuresByKind.Values.Sum();

    /// <summary>Gets the fraction of the requests that failed, from 0 to 1.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)Failures / Requests;

    /// <summary>Gets the number of further attempts after a failed one.</summary>
    public required long Moved { get; init; }

    /// <summary>Gets the number of attempts that were sent to a backend while it failed, whether it failed all of its requests or some.</summary>
    public required long AttemptsAtFailing { get; init; }

    /// <summary>Gets the number of attempts that were answered with 429.</summary>
    public required long Rejected { get; init; }

    /// <summary>
    /// Gets the number of requests whose first attempt did not go to the owner of their key, because the owner was out or full. The owner is the backend to
    /// which the strategy sends the key if all backends that are listed at the start are available and idle. The number is 0 for strategies without keys.
    /// </summary>
    public required long AwayFromOwner { get; init; }

    /// <summary>Gets the latencies of the requests that were answered.</summary>
    public required LatencyDistribution Latency { get; init; }

    /// <summary>Gets the load of each backend.</summary>
    public required IReadOnlyList<BackendResult> Backends { get; init; }

    /// <summary>
    /// Gets the attempts per unit of weight at the busiest backend, divided by the mean of all backends. 1 is perfectly even.
    /// </summary>
    public required double Imbalance { get; init; }

    /// <summary>Gets the most attempts that any backend had at the same time.</summary>
    public int PeakInFlight => Backends.Count == 0 ? 0 : Backends.Max(static backend => backend.PeakInFlight);

    /// <summary>Gets the number of requests in flight, averaged over time.</summary>
    public required double MeanInFlight { get; init; }

    /// <summary>Gets the mean time from a request's start to its end, including requests that failed.</summary>
    public required TimeSpan MeanTimeInSystem { get; init; }

    /// <summary>
    /// Gets the median time from a backend's failure until a client stops using it, or <see langword="null"/> if no client did. Failures in the
    /// warm-up count.
    /// </summary>
    public required TimeSpan? TimeToDetect { get; init; }

    /// <summary>
    /// Gets the median time from a backend's recovery until it answers a client again, or <see langword="null"/> if none did. Recoveries in the
    /// warm-up count.
    /// </summary>
    public required TimeSpan? TimeToReturn { get; init; }

    /// <summary>Gets the fraction of the seen keys whose requests went to more than one backend, from 0 to 1.</summary>
    public required double KeysMoved { get; init; }

    /// <summary>
    /// Gets the number of pairs of a client and a backend between which there was at least one attempt, in the warm-up or later. Each of them keeps at least
    /// one connection in production.
    /// </summary>
    public required int Connections { get; init; }

    /// <summary>Gets a value indicating whether clients use only some of the backends.</summary>
    public required bool HasSubsets { get; init; }

    /// <summary>Gets the results of each zone of the scenario; empty if it has no zones.</summary>
    public required IReadOnlyList<ZoneResult> Zones { get; init; }

    /// <summary>Gets the slices of the run in their order, including the warm-up.</summary>
    public required IReadOnlyList<TimelineSlice> Timeline { get; init; }
}
