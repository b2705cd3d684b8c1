namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What came of one turn of one target.</summary>
/// <param name="Requests">How many requests were answered.</param>
/// <param name="Failures">How many were not.</param>
/// <param name="Elapsed">How long the turn took, to the last answer.</param>
/// <param name="Latencies">How long each request took, shortest first.</param>
/// <param name="PerBackend">How many requests each backend answered.</param>
/// <param name="Times">What processor time all of them took.</param>
internal sealed record Turn(int Requests, int Failures, TimeSpan Elapsed, TimeSpan[] Latencies, int[] PerBackend, ProcessorTimes Times)
{
    internal double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    /// <summary>Gets the time within which a part of the requests was answered, such as 0.99 of them.</summary>
    internal TimeSpan Percentile(double part) =>
        Latencies.Length == 0 ? TimeSpan.Zero : Latencies[(int)Math.Ceiling(part * Latencies.Length) - 1];
}
