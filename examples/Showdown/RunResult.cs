namespace Showdown;

/// <summary>The results of one strategy's run.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Shares">The share of the requests that each backend got, in the order of their numbers.</param>
/// <param name="Mean">The mean time of an answer.</param>
/// <param name="P50">The time within which half of the requests were answered.</param>
/// <param name="P99">The time within which 99 % of the requests were answered.</param>
/// <param name="Failures">The number of requests that failed.</param>
/// <param name="Moved">The number of attempts that moved to another backend.</param>
/// <param name="OutAfter">The time from the kill, or the drain, until the backend was out.</param>
/// <param name="BackAfter">The time from the restart of the backend until the balancer took it back.</param>
/// <param name="KeyMoves">How the outage moved the keys; <see langword="null"/> if the strategy does not hash keys, or without an outage.</param>
internal sealed record RunResult(
    string Strategy,
    IReadOnlyList<double> Shares,
    TimeSpan Mean,
    TimeSpan P50,
    TimeSpan P99,
    int Failures,
    int Moved,
    TimeSpan? OutAfter,
    TimeSpan? BackAfter,
    KeyMoves? KeyMoves);
