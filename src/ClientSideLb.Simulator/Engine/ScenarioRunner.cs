namespace ClientSideLb.Simulator;

/// <summary>Runs several scenarios one after another, and reports their common progress.</summary>
public static class ScenarioRunner
{
    /// <summary>Runs scenarios one after another.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="progress">Receives the progress of all runs together from time to time.</param>
    /// <param name="cancellationToken">Stops the runs early.</param>
    /// <returns>The results of the runs, in the same order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="runs"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">A scenario is not valid.</exception>
    /// <exception cref="OperationCanceledException">The runs were cancelled.</exception>
    public static IReadOnlyList<RunResult> Run(
        IReadOnlyList<ScenarioRun> runs, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var results = new List<RunResult>(runs.Count);
        var requests = 0L;
        foreach (var run in runs)
        {
            var partial = progress is null ? null : new PartialProgress(progress, results.Count, runs.Count, requests);
            results.Add(Simulation.Run(run.Scenario, run.Label, partial, cancellationToken));
            requests += results[^1].Requests;
        }

        return results;
    }

    private sealed class PartialProgress(IProgress<SimulationProgress> whole, int done, int of, long requests) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value) => whole.Report(new SimulationProgress((done + value.Done) / of, requests + value.Requests));
    }
}
