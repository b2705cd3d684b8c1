namespace ClientSideLb.Simulator;

/// <summary>Runs several scenarios one after another, and tells how far all of them have come.</summary>
public static class ScenarioRunner
{
    /// <summary>Runs them.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="progress">Is told from time to time how far they have come.</param>
    /// <param name="cancellationToken">Ends them before their end.</param>
    /// <returns>What came out of each, in their order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="runs"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">One of them cannot be run.</exception>
    /// <exception cref="OperationCanceledException">They were cancelled.</exception>
    public static IReadOnlyList<RunResult> Run(
        IReadOnlyList<ScenarioRun> runs, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var results = new List<RunResult>(runs.Count);
        var requests = 0L;
        foreach (var run in runs)
        {
            var part = progress is null ? null : new Part(progress, results.Count, runs.Count, requests);
            results.Add(Simulation.Run(run.Scenario, run.Label, part, cancellationToken));
            requests += results[^1].Requests;
        }

        return results;
    }

    private sealed class Part(IProgress<SimulationProgress> whole, int done, int of, long requests) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value) => whole.Report(new SimulationProgress((done + value.Done) / of, requests + value.Requests));
    }
}
