namespace ClientSideLb.Simulator.Tool;

/// <summary>Runs a scenario, shows its progress and its results, and writes the results to files if a folder is given.</summary>
internal static class ScenarioAction
{
    internal static async Task<int> RunAsync(
        Func<IProgress<SimulationProgress>, CancellationToken, ScenarioReport> run,
        string? folder,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        try
        {
            // Created before the run, so that a folder that cannot be created is reported at once.
            var directory = folder is null ? null : Directory.CreateDirectory(folder);
            var report = await ProgressBar.RunAsync(error, progress => run(progress, cancellationToken)).ConfigureAwait(false);
            ReportWriter.Write(output, report, directory);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped.").ConfigureAwait(false);
            return ExitCodes.Stopped;
        }
        catch (Exception failure) when (failure is ScenarioException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCodes.Usage;
        }
    }
}
