using System.Runtime.InteropServices;
using Shop.Start;

const int Replicas = 3;

// By default the addresses are those in the appsettings.json of the API. The tests use free ports.
var anyPort = args.Contains("--any-port");

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

AppProcess[] replicas = [.. Enumerable.Range(1, Replicas).Select(static number => new AppProcess("Shop.Catalog", $"replica {number}"))];
using var api = new AppProcess("Shop.Api", "api");
try
{
    var addresses = await Task.WhenAll(replicas.Select((replica, i) =>
        replica.StartAsync("--Replica", $"{i + 1}", "--Urls", $"http://127.0.0.1:{(anyPort ? 0 : 5101 + i)}")));
    var shop = await api.StartAsync(anyPort
        ? ["--Urls", "http://127.0.0.1:0", .. addresses.Select(static (address, i) => $"--LoadBalancing:catalog:Endpoints:{i}:Address={address}")]
        : []);

    Console.WriteLine($"""
        Open {shop}/load-balancing and sign in as operator with the password demo.

          {shop}/products     the products, and the replica that answered
          {shop}/products/1   one product
          {shop}/health       whether all replicas are well
          {shop}/alive        whether the API itself runs
          {shop}/metrics      the metrics, as Prometheus reads them

        Twenty customers a second look at the products.
        Type 1, 2 or 3 and Enter to kill that replica, and again to start it. Press Ctrl+C to stop.

        """);

    _ = Task.Run(() => ReadCommandsAsync(addresses));
    await new Customers(new Uri($"{shop}/products")).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
}
catch (Exception e) when (e is InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine($"{e.Message} Are the ports 5100 to 5103 free?");
    return 1;
}
finally
{
    foreach (var replica in replicas)
    {
        replica.Dispose();
    }
}

return 0;

void End(PosixSignalContext signal)
{
    // This program ends itself, after it has stopped the others.
    signal.Cancel = true;
    stop.Cancel();
}

async Task ReadCommandsAsync(string[] addresses)
{
    while (await Console.In.ReadLineAsync() is { } line)
    {
        if (!int.TryParse(line, out var number) || number is < 1 or > Replicas)
        {
            Console.WriteLine("Type 1, 2 or 3.");
            continue;
        }

        var replica = replicas[number - 1];
        if (replica.IsRunning)
        {
            replica.Kill();
            Console.WriteLine($"{replica.Name} is killed");
        }
        else
        {
            await replica.StartAsync("--Replica", line, "--Urls", addresses[number - 1]);
            Console.WriteLine($"{replica.Name} is started again");
        }
    }
}
