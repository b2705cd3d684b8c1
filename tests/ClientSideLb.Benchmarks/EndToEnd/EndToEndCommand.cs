using ClientSideLb.Benchmarks.EndToEnd.Children;
using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>What a request takes over sockets: straight to a backend, balanced in the client, and through each gateway.</summary>
internal static class EndToEndCommand
{
    internal const string Name = "end-to-end";

    private const int Backends = 3;
    private const int Items = 100;

    private const string Balanced = "ClientSideLb";
    private const string InTurnName = "HttpClient to each in turn";

    // Short turns: the closer in time the turns of a round are, the less of the machine's drift is in their ratio.
    private static readonly LoadOptions Defaults = new(Rounds: 200, Turn: TimeSpan.FromSeconds(0.1), Concurrency: [1, 32], Cases: []);

    internal static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, Defaults, MeasureAsync);

    private static async Task<bool> MeasureAsync(LoadOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        using var backends = await ChildProcess.StartAsync("The backends' process", ChildRoles.Backends, Enumerable.Repeat(new BackendTraits().ToArgument(), Backends), cancellationToken);
        using var yarp = await Gateways.StartYarpAsync(backends.Addresses, cancellationToken);
        using var nginx = Gateways.NginxPeer is null ? null : await Gateways.StartNginxAsync(backends.Addresses, folder.Path, cancellationToken);
        using var haProxy = Gateways.HaProxyPeer is null ? null : await Gateways.StartHaProxyAsync(backends.Addresses, folder.Path, cancellationToken);

        using var clients = new Clients(backends.Addresses);
        List<Target> targets =
        [
            TargetOf("HttpClient to one backend", clients.CreatePlain(backends.Addresses[0])),
            InTurn([.. backends.Addresses.Select(clients.CreatePlain)]),
            TargetOf("A minimal handler", clients.CreateMinimal()),
            TargetOf("ClientSideLb to one backend", clients.CreateBalanced(options => options.Endpoints.Add(new EndpointOptions { Address = backends.Addresses[0] }))),
            TargetOf(Balanced, clients.CreateBalanced(static _ => { })),
            TargetOf("AddServiceDiscovery()", clients.CreateDiscovering()),
            TargetOf(Gateways.Yarp, clients.CreatePlain(yarp.Addresses[0]), yarp),
        ];
        if (nginx is not null)
        {
            targets.Add(TargetOf(Gateways.Nginx, clients.CreatePlain(nginx.Addresses[0]), nginx));
        }

        if (haProxy is not null)
        {
            targets.Add(TargetOf(Gateways.HaProxy, clients.CreatePlain(haProxy.Addresses[0]), haProxy));
        }

        var results = await Load.MeasureAsync(backends, targets, options, progress, cancellationToken);
        Write(Console.Out, options, results);
        return results.All(static result => result.AllAnswered);
    }

    private static Target TargetOf(string name, HttpClient client, ChildProcess? gateway = null) =>
        new(name, number => SendAsync(client, number), gateway);

    // What it takes by itself that requests spread over connections, with nobody to choose.
    private static Target InTurn(HttpClient[] each) =>
        new(InTurnName, number => SendAsync(each[number % each.Length], number));

    private static async Task<Answer> SendAsync(HttpClient client, long number) => new((await client.GetByteArrayAsync(PathOf(number)))[0]);

    // Some that come again, as those of a service do.
    private static string PathOf(long number) => $"items/{number % Items}";

    private static void Write(TextWriter output, LoadOptions options, IReadOnlyList<LoadResult> results)
    {
        output.WriteLine(RunHeader.Describe([
            Peer.ServiceDiscovery, Peer.Yarp, .. new[] { Gateways.NginxPeer, Gateways.HaProxyPeer }.OfType<Peer>()]));
        output.WriteLine();
        output.WriteLine($"{Backends} backends; medians of {options.Rounds} rounds of {options.Turn.TotalSeconds} s each, ± holds the true ratio 95 times of 100; processor time in µs a request.");
        foreach (var (concurrency, summaries) in results)
        {
            output.WriteLine();
            WriteTable(output, concurrency, summaries);
            output.WriteLine();
            WriteReach(output, summaries);
        }
    }

    private static void WriteTable(TextWriter output, int concurrency, Summary[] summaries)
    {
        var table = new MarkdownTable(
            $"{concurrency} at once", "requests/s", "of direct", "p50 ms", "p99 ms", "p99 of direct", "client", "gateway", "backend", "all");
        var direct = summaries[0];
        foreach (var summary in summaries)
        {
            var times = summary.TimesPerRequest;
            table.Add(
                summary.Target.Name,
                $"{summary.RequestsPerSecond:0}",
                summary.ThroughputOf(direct).ToString(),
                $"{summary.P50.TotalMilliseconds:0.000}",
                $"{summary.P99.TotalMilliseconds:0.000}",
                summary.P99Of(direct).ToString(),
                Microseconds(times.Client),
                summary.Target.Gateway is null ? "-" : Microseconds(times.Gateway),
                Microseconds(times.Backend),
                Microseconds(times.Sum));
        }

        foreach (var (name, peer) in new[] { (Gateways.Nginx, Gateways.NginxPeer), (Gateways.HaProxy, Gateways.HaProxyPeer) })
        {
            if (peer is null)
            {
                table.Add(name, "not installed");
            }
        }

        table.WriteTo(output);
    }

    private static void WriteReach(TextWriter output, Summary[] summaries)
    {
        var balanced = summaries.Single(static summary => summary.Target.Name == Balanced);
        var inTurn = summaries.Single(static summary => summary.Target.Name == InTurnName);
        var best = summaries.Where(static summary => summary.Target.Gateway is not null).MaxBy(static summary => summary.RequestsPerSecond)!;
        output.WriteLine($"{Balanced} serves {balanced.ThroughputOf(inTurn)} times the requests of {InTurnName}, which has nothing to choose.");
        output.WriteLine($"{Balanced} serves {balanced.ThroughputOf(best)} times the requests of the best gateway, {best.Target.Name}.");
        foreach (var summary in summaries.Where(static summary => summary.Failures > 0))
        {
            output.WriteLine($"{summary.Target.Name}: {summary.Failures} requests failed, and count nowhere above.");
        }
    }

    private static string Microseconds(TimeSpan time) => $"{time.TotalMicroseconds:0}";
}
