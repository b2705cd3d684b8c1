namespace ClientSideLb.Simulator;

/// <summary>What happened in one part of a run's time.</summary>
/// <param name="At">When it began.</param>
/// <param name="Requests">How many requests ended.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="Median">The median latency of those that were answered.</param>
/// <param name="Percentile99">The 99th percentile.</param>
/// <param name="Attempts">How many attempts each backend was sent.</param>
public sealed record TimelineSlice(
    TimeSpan At, long Requests, long Failures, TimeSpan Median, TimeSpan Percentile99, IReadOnlyList<int> Attempts);
