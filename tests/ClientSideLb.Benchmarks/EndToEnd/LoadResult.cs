namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What was measured with so many requests at once.</summary>
internal sealed record LoadResult(int Concurrency, Summary[] Summaries)
{
    internal bool AllAnswered => Array.TrueForAll(Summaries, static summary => summary.Failures == 0);
}
