using Spectre.Console;

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
            var (result, summary) = await ProgressBar.RunAsync(error, progress => run(progress, cancellationToken)).ConfigureAwait(false);
            var console = Consoles.Create(output);
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
