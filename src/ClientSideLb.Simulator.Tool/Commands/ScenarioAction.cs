using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Runs a scenario, shows its progress and its results, and writes files if a folder is given.</summary>
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
            // The folder is created before the run. If that fails, the user learns it at once.
            var directory = folder is null ? null : Directory.CreateDirectory(folder);
            var (result, summary) = await ProgressBar.ShowAsync(error, progress => run(progress, cancellationToken)).ConfigureAwait(false);
            var console = Consoles.For(output);
            console.MarkupLineInterpolated($"[bold]{result.Name}[/]{(summary is null ? "" : $": {summary}")}");
            ResultTables.Write(console, result);
            if (directory is not null)
            {
                foreach (var file in ResultFiles.Write(result, directory))
                {
                    console.WriteLine(file);
                }
            }

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
