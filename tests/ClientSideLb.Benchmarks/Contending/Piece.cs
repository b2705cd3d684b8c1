namespace ClientSideLb.Benchmarks.Contending;

/// <summary>A single piece of a request's way, by one thread, by several threads at one thing, and by several threads at a thing each.</summary>
internal sealed class Piece(Work work, ContentionOptions options)
{
    private readonly Series _alone = Series.AtOne(work, threads: 1, options.Rounds);

    private readonly Dictionary<int, (Series AtOne, Series AtOneEach)> _together = options.Threads.Skip(1).ToDictionary(
        static threads => threads,
        threads => (Series.AtOne(work, threads, options.Rounds), Series.AtOneEach(work, threads, options.Rounds)));

    internal string Name => work.Name;

    internal Series Alone => _alone;

    internal IEnumerable<Series> All => [_alone, .. _together.Values.SelectMany(static both => new[] { both.AtOne, both.AtOneEach })];

    /// <summary>Gets the series of several threads.</summary>
    internal (Series AtOne, Series AtOneEach) Together(int threads) => _together[threads];
}
