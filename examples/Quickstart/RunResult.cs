namespace Quickstart;

/// <summary>What came out of one strategy's run.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Shares">The share of the requests that each backend got, in the order of their numbers.</param>
/// <param name="Mean">The time that an answer took on average.</param>
/// <param name="P50">The time within which half of the requests were answered.</param>
/// <param name="P99">The time within which 99 % of the requests were answered.</param>
/// <param name="Failures">How many requests failed.</param>
/// <param name="Moved">How many attempts moved to another backend.</param>
/// <param name="OutAfter">The time from the kill, or the drain, to the backend being out.</param>
/// <param name="BackAfter">The time from the backend being up to its being back.</param>
/// <param name="KeyMoves">What the outage did to the keys, with a hashing strategy.</param>
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
