namespace GatewayContrast;

/// <summary>What the turns of one way come to.</summary>
internal sealed class Figures(IReadOnlyCollection<Turn> turns)
{
    internal double RequestsPerSecond { get; } = Median(turns, static turn => turn.Latencies.Length / turn.Elapsed.TotalSeconds);

    internal TimeSpan P50 { get; } = MedianPercentile(turns, 0.5);

    internal TimeSpan P99 { get; } = MedianPercentile(turns, 0.99);

    internal TimeSpan Client { get; } = PerRequest(turns, static turn => turn.Client);

    internal TimeSpan Gateway { get; } = PerRequest(turns, static turn => turn.Gateway);

    internal TimeSpan Backend { get; } = PerRequest(turns, static turn => turn.Backends);

    /// <summary>Gets the processor time that a request takes wherever it passes.</summary>
    internal TimeSpan Processor => Client + Gateway + Backend;

    internal int Failures { get; } = turns.Sum(static turn => turn.Failures);

    private static TimeSpan MedianPercentile(IEnumerable<Turn> turns, double part) =>
        TimeSpan.FromSeconds(Median(turns, turn => Percentile(turn.Latencies, part).TotalSeconds));

    private static TimeSpan Percentile(TimeSpan[] sorted, double part) =>
        sorted.Length == 0 ? TimeSpan.Zero : sorted[(int)Math.Ceiling(part * sorted.Length) - 1];

    // Of all turns together: a turn is short beside the steps in which the system counts.
    private static TimeSpan PerRequest(IReadOnlyCollection<Turn> turns, Func<Turn, TimeSpan> time) =>
        TimeSpan.FromTicks(turns.Sum(turn => time(turn).Ticks) / Math.Max(1, turns.Sum(static turn => turn.Latencies.Length)));

    private static double Median(IEnumerable<Turn> turns, Func<Turn, double> figure)
    {
        double[] sorted = [.. turns.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
