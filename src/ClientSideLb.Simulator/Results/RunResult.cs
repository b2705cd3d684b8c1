namespace ClientSideLb.Simulator;

/// <summary>What came out of a run, after its warm-up.</summary>
public sealed record RunResult
{
    /// <summary>Gets what was run: the strategy, or what else distinguishes the run from others of its scenario.</summary>
    public required string Label { get; init; }

    /// <summary>Gets the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Gets the time that was measured.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>Gets how many requests ended, well or not.</summary>
    public required long Requests { get; init; }

    /// <summary>Gets how many failed for their caller, by how.</summary>
    public required IReadOnlyDictionary<string, long> FailuresByKind { get; init; }

    /// <summary>Gets how many failed for their caller.</summary>
    public long Failures => FailuresByKind.Values.Sum();

    /// <summary>Gets the part of the requests that failed, from 0 to 1.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)Failures / Requests;

    /// <summary>Gets how many further attempts were made after a failure.</summary>
    public required long Moved { get; init; }

    /// <summary>Gets how long the requests took that were answered.</summary>
    public required LatencyDistribution Latency { get; init; }

    /// <summary>Gets what each backend had to do.</summary>
    public required IReadOnlyList<BackendResult> Backends { get; init; }

    /// <summary>Gets how much more the busiest backend was sent than all on average; 1 is perfectly even. Shares are taken for each unit of weight.</summary>
    public required double Imbalance { get; init; }

    /// <summary>Gets the most attempts that any backend had at a time.</summary>
    public int PeakInFlight => Backends.Count == 0 ? 0 : Backends.Max(static backend => backend.PeakInFlight);

    /// <summary>Gets how many requests were on their way on average over time.</summary>
    public required double MeanInFlight { get; init; }

    /// <summary>Gets the mean time from a request's start to its end, also of those that failed.</summary>
    public required TimeSpan MeanTimeInSystem { get; init; }

    /// <summary>Gets the median time from a backend's failure until a client sends it no more, or <see langword="null"/> if none noticed.</summary>
    public required TimeSpan? TimeToDetect { get; init; }

    /// <summary>Gets the median time from a backend's recovery until it answers a client again, or <see langword="null"/> if it did not.</summary>
    public required TimeSpan? TimeToReturn { get; init; }

    /// <summary>Gets the part of the keys, among those seen, that met another backend than before at some time.</summary>
    public required double KeysMoved { get; init; }

    /// <summary>Gets what happened when, the warm-up included.</summary>
    public required IReadOnlyList<TimelineSlice> Timeline { get; init; }
}
