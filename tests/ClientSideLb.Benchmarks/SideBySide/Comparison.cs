using System.Diagnostics;

namespace ClientSideLb.Benchmarks.SideBySide;

/// <summary>
/// Measures contenders in turn, round after round, so that whatever else the machine is doing meets all of them alike. What matters of
/// the result are ratios.
/// </summary>
internal static class Comparison
{
    private static readonly TimeSpan DefaultWarmUp = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(0.3);

    /// <summary>Measures, and gives one figure for each contender, in their order.</summary>
    /// <param name="contenders">The contenders.</param>
    /// <param name="rounds">How many turns each gets.</param>
    /// <param name="warmUp">How long each runs before it is measured; a second where it is not given.</param>
    internal static Figure[] Measure(IReadOnlyList<Contender> contenders, int rounds, TimeSpan? warmUp = null)
    {
        var iterations = contenders.Select(contender => IterationsFor(contender, warmUp ?? DefaultWarmUp)).ToArray();
        var times = contenders.Select(_ => new double[rounds]).ToArray();
        var bytes = contenders.Select(_ => double.MaxValue).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                // Each round begins with another one: nobody always runs on what the same neighbour left in the caches.
                var turn = (i + round) % contenders.Count;
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                contenders[turn].Run(iterations[turn]);
                times[turn][round] = Stopwatch.GetElapsedTime(started).TotalNanoseconds / iterations[turn];
                bytes[turn] = Math.Min(bytes[turn], (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)iterations[turn]);
            }
        }

        return [.. contenders.Select((_, i) => new Figure(Median.Of(times[i]), bytes[i]))];
    }

    // Long enough for the compiler's last tier, and for a turn to be long beside the clock's resolution.
    private static int IterationsFor(Contender contender, TimeSpan warmUp)
    {
        var done = 0L;
        var started = Stopwatch.GetTimestamp();
        for (var batch = 1; Stopwatch.GetElapsedTime(started) < warmUp; batch = Math.Min(batch * 2, 4096))
        {
            contender.Run(batch);
            done += batch;
            if (batch < 4096)
            {
                // The compiler promotes what has been called often enough, and has been left alone for a moment.
                Thread.Sleep(1);
            }
        }

        return (int)Math.Clamp(done * (Turn / Stopwatch.GetElapsedTime(started)), 1, int.MaxValue);
    }
}
