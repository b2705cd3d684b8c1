namespace Quickstart;

/// <summary>Shows what happens: live in a terminal, line by line elsewhere.</summary>
internal interface IReport
{
    void Begin(BackendGroup backends, QuickstartOptions options);

    /// <summary>Starts a run, and shows it until it has ended.</summary>
    Task ShowAsync(StrategyRun run, CancellationToken cancellationToken);

    void End(IReadOnlyList<RunResult> results, QuickstartOptions options);
}
