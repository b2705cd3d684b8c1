namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What came of one turn of one target.</summary>
/// <param name="Errors">How many requests were answered with a status 500.</param>
/// <param name="Failures">How many were not answered.</param>
/// <param name="Elapsed">How long the turn took, to the last answer.</param>
/// <param name="Latencies">How long each request took that was answered without an error, shortest first.</param>
/// <param name="PerBackend">How many requests each backend answered, with or without an error.</param>
/// <param name="Times">What processor time all of them took.</param>
internal sealed record Turn(int Errors, int Failures, TimeSpan Elapsed, TimeSpan[] Latencies, int[] PerBackend, ProcessorTimes Times)
{
    /// <summary>Gets how many requests were answered, with or without an error.</summary>
    internal int Requests => Latencies.Length + Errors;

    // An error is no work done. If it counted, the backend that fails fastest would be the best.
    internal double RequestsPerSecond => Latencies.Length / Elapsed.TotalSeconds;

    /// <summary>Gets the time within which a part of the requests was answered, such as 0.99 of them.</summary>
    internal TimeSpan Percentile(double part) =>
        Latencies.Length == 0 ? TimeSpan.Zero : Latencies[(int)Math.Ceiling(part * Latencies.Length) - 1];
}
