using System.Runtime.InteropServices;
using GatewayContrast;
using Spectre.Console;

// The backends and the gateway run in processes of their own, which are started from this same program.
if (args is [Servers.Backends or Servers.Gateway, ..])
{
    await Servers.ServeAsync(args);
    return ExitCodes.Success;
}

ContrastOptions options;
try
{
    options = ContrastOptions.Parse(args);
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadArguments;
}

if (options.ShowHelp)
{
    Console.WriteLine(ContrastOptions.Help);
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
    using var backends = await ServerProcess.StartAsync(Servers.Backends, [$"{ContrastOptions.Backends}"], stop.Token);
    using var gateway = await ServerProcess.StartAsync(Servers.Gateway, backends.Addresses.Select(static address => address.AbsoluteUri), stop.Token);

    using var clients = new Clients(backends.Addresses, gateway.Addresses[0]);
    var load = new Load(new Way(clients.Balanced, Gateway: null), new Way(clients.ThroughGateway, gateway), backends, options.Duration);
    var contrasts = await report.RunAsync(() => load.RunAsync(stop.Token), options);
    report.ShowResults(contrasts);
    return contrasts.All(static contrast => contrast.Failures == 0) ? ExitCodes.Success : ExitCodes.Failed;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return ExitCodes.Interrupted;
}
catch (ServerException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.Failed;
}
