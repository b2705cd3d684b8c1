namespace ClientSideLb.Simulator;

/// <summary>One slice of the time of a run.</summary>
/// <param name="At">The time at which it began.</param>
/// <param name="Requests">The number of requests that ended.</param>
/// <param name="Failures">The number of those that failed.</param>
/// <param name="Median">The median latency of the requests that were answered.</param>
/// <param name="Percentile99">The 99th percentile of that latency.</param>
/// <param name="Attempts">The number of attempts that were sent to each backend.</param>
public sealed record TimelineSlice(
    TimeSpan At, long Requests, long Failures, TimeSpan Median, TimeSpan Percentile99, IReadOnlyList<int> Attempts);
