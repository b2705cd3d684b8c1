using System.Runtime.InteropServices;
using AiEndpoints;
using Spectre.Console;

AiOptions options;
try
{
    options = AiOptions.Parse(args);
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadArguments;
}

if (options.ShowHelp)
{
    Console.WriteLine(AiOptions.Help);
    return ExitCodes.Success;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    // The program ends itself, after it has stopped the servers.
    signal.Cancel = true;
    stop.Cancel();
});

IReport report = TerminalReport.IsPossible ? new TerminalReport(AnsiConsole.Console) : new PlainReport(Console.Out);
try
{
    report.ShowIntroduction();

    await Part.WarmUp.RunAsync(minutes: 0.2, TimeProvider.System, stop.Token);

    var results = new List<PartResult>();
    foreach (var part in Part.All)
    {
        results.Add(await report.RunAsync(part, () => part.RunAsync(options.Minutes, TimeProvider.System, stop.Token)));
    }

    var outcome = Outcome.Of(results);
    report.ShowOutcome(outcome);
    return outcome.IsGood ? ExitCodes.Success : ExitCodes.Failed;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return ExitCodes.Interrupted;
}
