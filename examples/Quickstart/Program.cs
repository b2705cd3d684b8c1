using Quickstart;
using Spectre.Console;

QuickstartOptions options;
try
{
    options = QuickstartOptions.Parse(args);
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadArguments;
}

if (options.ShowHelp)
{
    Console.WriteLine(QuickstartOptions.Help);
    return ExitCodes.Success;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // Not at once: first the terminal and the servers are put away.
    e.Cancel = true;
    stop.Cancel();
};

IReport report = LiveReport.IsPossible ? new LiveReport(AnsiConsole.Console) : new PlainReport(Console.Out);
try
{
    using var backends = await BackendGroup.StartAsync(options.Backends, stop.Token);
    report.Begin(backends, options);

    var results = new List<RunResult>();
    foreach (var strategy in options.Strategies)
    {
        using var run = new StrategyRun(strategy, backends, options);
        await report.ShowAsync(run, stop.Token);
        results.Add(run.GetResult());
    }

    report.End(results, options);
    return results.TrueForAll(static result => result.Failures == 0) ? ExitCodes.Success : ExitCodes.Failed;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return ExitCodes.Interrupted;
}
catch (BackendException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.Failed;
}
