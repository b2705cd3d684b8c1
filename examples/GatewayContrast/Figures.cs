namespace GatewayContrast;

/// <summary>The figures of one way, computed from all of its turns.</summary>
internal sealed class Figures(IReadOnlyCollection<Turn> turns)
{
    internal double RequestsPerSecond { get; } = GetMedian(turns, static turn => turn.RequestsPerSecond);

    internal TimeSpan P50 { get; } = GetMedianPercentile(turns, 0.5);

    internal TimeSpan P99 { get; } = GetMedianPercentile(turns, 0.99);

    internal TimeSpan Client { get; } = GetTimePerRequest(turns, static turn => turn.Client);

    internal TimeSpan Gateway { get; } = GetTimePerRequest(turns, static turn => turn.Gateway);

    internal TimeSpan Backend { get; } = GetTimePerRequest(turns, static turn => turn.Backends);

    /// <summary>Gets the processor time of one request: in the client, the gateway and the backend together.</summary>
    internal TimeSpan Processor => Client + Gateway + Backend;

    internal int Failures { get; } = turns.Sum(static turn => turn.Failures);

    private static TimeSpan GetMedianPercentile(IEnumerable<Turn> turns, double part) =>
        TimeSpan.FromSeconds(GetMedian(turns, turn => GetPercentile(turn.Latencies, part).TotalSeconds));

    private static TimeSpan GetPercentile(TimeSpan[] sorted, double part) =>
        sorted.Length == 0 ? TimeSpan.Zero : sorted[(int)Math.Ceiling(part * sorted.Length) - 1];

    // Computed over all turns together, because the system counts processor time in steps that are long compared to one turn.
    private static TimeSpan GetTimePerRequest(IReadOnlyCollection<Turn> turns, Func<Turn, TimeSpan> time) =>
        TimeSpan.FromTicks(turns.Sum(turn => time(turn).Ticks) / Math.Max(1, turns.Sum(static turn => turn.Latencies.Length)));

    private static double GetMedian(IEnumerable<Turn> turns, Func<Turn, double> figure)
    {
        double[] sorted = [.. turns.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
