using System.Runtime.InteropServices;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What the commands have in common: options, how to be stopped, and exit codes.</summary>
internal static class LoadCommand
{
    /// <summary>Runs a measurement, which says whether all requests were answered.</summary>
    internal static async Task<int> RunAsync(
        string[] args, LoadOptions defaults, Func<LoadOptions, IProgress<string>, CancellationToken, Task<bool>> measureAsync)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var options = LoadOptions.Parse(args, defaults);
            using var progress = new ConsoleProgress();
            return await measureAsync(options, progress, stop.Token) ? ExitCodes.Success : ExitCodes.Failed;
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.BadArguments;
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is (OperationCanceledException or LoadException))
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return ExitCodes.Interrupted;
        }
        catch (LoadException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            // Not at once: first the children are sent away.
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
