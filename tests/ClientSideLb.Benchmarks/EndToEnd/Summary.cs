namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What the turns of one target come to.</summary>
internal sealed class Summary(Target target, Turn[] turns)
{
    internal Target Target { get; } = target;

    internal double RequestsPerSecond { get; } = Median.Of(turns.Select(static turn => turn.RequestsPerSecond));

    internal TimeSpan P50 { get; } = MedianPercentile(turns, 0.5);

    internal TimeSpan P99 { get; } = MedianPercentile(turns, 0.99);

    internal int Failures { get; } = turns.Sum(static turn => turn.Failures);

    /// <summary>Gets the part of all requests that were answered with a status 500.</summary>
    internal double ErrorShare { get; } =
        turns.Sum(static turn => turn.Errors) / (double)Math.Max(1, turns.Sum(static turn => turn.Requests));

    /// <summary>Gets the processor time of a request. The kernel counts in steps too coarse for a turn, and so this is over all of them.</summary>
    internal ProcessorTimes TimesPerRequest { get; } =
        turns.Aggregate(default(ProcessorTimes), static (sum, turn) => sum + turn.Times) / Math.Max(1, turns.Sum(static turn => turn.Requests));

    /// <summary>Gets the part of all requests that a backend answered.</summary>
    internal double ShareOf(int backend) =>
        turns.Sum(turn => turn.PerBackend[backend]) / (double)Math.Max(1, turns.Sum(static turn => turn.Requests));

    /// <summary>Compares throughput round by round, for the two turns of a round are closest in time.</summary>
    internal Estimate ThroughputOf(Summary other) => CompareTo(other, static turn => turn.RequestsPerSecond);

    /// <summary>Compares the 99th percentile round by round.</summary>
    internal Estimate P99Of(Summary other) => CompareTo(other, static turn => turn.Percentile(0.99).TotalSeconds);

    private Estimate CompareTo(Summary other, Func<Turn, double> figure) =>
        Estimate.Of(turns.Zip(other.Turns, (mine, its) => figure(mine) / figure(its)));

    private Turn[] Turns => turns;

    private static TimeSpan MedianPercentile(Turn[] turns, double part) =>
        TimeSpan.FromSeconds(Median.Of(turns.Select(turn => turn.Percentile(part).TotalSeconds)));
}
