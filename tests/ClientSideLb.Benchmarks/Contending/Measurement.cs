namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Measures series in turn, round after round, so that whatever else the machine is doing meets all of them alike.</summary>
/// <remarks>
/// Threads that wait for a core do not contend. So a turn in which the process got clearly less processor time than its threads could use is repeated
/// a few times, and of all tries the one with the most processor time counts.
/// </remarks>
internal static class Measurement
{
    private const int Tries = 4;
    private const double EnoughProcessorTime = 0.97;

    private const int WarmUps = 6;
    private static readonly TimeSpan WarmUpTurn = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan CompilerPause = TimeSpan.FromMilliseconds(200);

    internal static void Run(IReadOnlyList<Series> all, ContentionOptions options, string title, IProgress<string> progress)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            progress.Report($"{title}: warming up");
            foreach (var series in all)
            {
                Turn.Measure(series.Actions, WarmUpTurn);
            }

            // The compiler promotes what has been called often enough, and has been left alone for a moment.
            Thread.Sleep(CompilerPause);
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            progress.Report($"{title}: round {round + 1} of {options.Rounds}");
            for (var i = 0; i < all.Count; i++)
            {
                // Each round begins with another one: nobody always runs on what the same neighbour left in the caches.
                var series = all[(i + round) % all.Count];
                series.Set(round, MeasureBest(series.Actions, options.Turn));
            }
        }
    }

    private static TurnResult MeasureBest(IReadOnlyList<Action<int>> actions, TimeSpan time)
    {
        var best = default(TurnResult);
        for (var i = 0; i < Tries && best.ProcessorShare < EnoughProcessorTime; i++)
        {
            var measured = Turn.Measure(actions, time);
            best = measured.ProcessorShare > best.ProcessorShare ? measured : best;
        }

        return best;
    }
}
