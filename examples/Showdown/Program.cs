using Showdown;
using Spectre.Console;

ShowdownOptions options;
try
{
    options = ShowdownOptions.Parse(args);
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadArguments;
}

if (options.ShowHelp)
{
    Console.WriteLine(ShowdownOptions.Help);
    return ExitCodes.Success;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The program ends itself, after it has restored the terminal and stopped the servers.
    e.Cancel = true;
    stop.Cancel();
};

IReport report = LiveReport.IsPossible ? new LiveReport(AnsiConsole.Console) : new PlainReport(Console.Out);
try
{
    using var backends = await BackendGroup.StartAsync(options.Backends, stop.Token);
    report.ShowBackends(backends, options);

    var results = new List<RunResult>();
    foreach (var strategy in options.Strategies)
    {
        using var run = new StrategyRun(strategy, backends, options);
        await report.RunAsync(run, stop.Token);
        results.Add(run.GetResult());
    }

    report.ShowSummary(results, options);
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
