namespace Showdown;

/// <summary>Shows the runs: live in a terminal, line by line elsewhere.</summary>
internal interface IReport
{
    /// <summary>Shows the backends.</summary>
    void ShowBackends(BackendGroup backends, ShowdownOptions options);

    /// <summary>Runs a strategy, and shows the run until it has ended.</summary>
    Task RunAsync(StrategyRun run, CancellationToken cancellationToken);

    /// <summary>Shows the results of all runs.</summary>
    void ShowSummary(IReadOnlyList<RunResult> results, ShowdownOptions options);
}
