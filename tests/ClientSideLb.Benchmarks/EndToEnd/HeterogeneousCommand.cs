using System.Net;
using ClientSideLb.Benchmarks.EndToEnd.Children;
using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>How well each strategy keeps away from a backend that is slower than the others, beside the round robin of a gateway.</summary>
internal static class HeterogeneousCommand
{
    internal const string Name = "heterogeneous";

    private const int Backends = 10;
    private const int Slow = Backends - 1;
    private const string NginxRow = "round robin through nginx";

    // Long beside the four milliseconds in which timers count on some systems: in two and forty the one would not be a twentieth.
    private const int FastMilliseconds = 10;
    private const int SlowMilliseconds = 200;

    // As many keys and callers as give each backend its share, near enough.
    private const int Keys = 1000;

    private static readonly LoadOptions Defaults = new(Rounds: 10, Turn: TimeSpan.FromSeconds(2), Concurrency: [32]);

    internal static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, Defaults, MeasureAsync);

    private static async Task<bool> MeasureAsync(LoadOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        var delays = Enumerable.Range(0, Backends).Select(static i => $"{(i == Slow ? SlowMilliseconds : FastMilliseconds)}");
        using var backends = await ChildProcess.StartAsync("The backends' process", ChildRoles.Backends, delays, cancellationToken);
        using var nginx = Gateways.NginxPeer is null ? null : await Gateways.StartNginxAsync(backends.Addresses, folder.Path, cancellationToken);

        using var clients = new Clients(backends.Addresses);
        var targets = Strategies.Names.Select(strategy => TargetOf(strategy, clients.CreateBalanced(balancing => balancing.Strategy = strategy))).ToList();
        if (nginx is not null)
        {
            targets.Add(TargetOf(NginxRow, clients.CreatePlain(nginx.Addresses[0]), nginx));
        }

        var results = await Load.MeasureAsync(backends, targets, options, progress, cancellationToken);
        Write(Console.Out, options, results);
        return results.All(static result => result.AllAnswered);
    }

    private static Target TargetOf(string name, HttpClient client, ChildProcess? gateway = null) =>
        new(name, number => SendAsync(client, number), gateway);

    private static async Task<byte[]> SendAsync(HttpClient client, long number)
    {
        var key = (int)(number % Keys);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"items/{key}");
        request.SetClientIp(new IPAddress([10, 0, (byte)(key >> 8), (byte)key]));
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    private static void Write(TextWriter output, LoadOptions options, IReadOnlyList<LoadResult> results)
    {
        output.WriteLine(RunHeader.Describe(new[] { Gateways.NginxPeer }.OfType<Peer>()));
        output.WriteLine();
        output.WriteLine($"{Backends} backends, one answers after {SlowMilliseconds} ms, the others after {FastMilliseconds} ms; medians of {options.Rounds} rounds of {options.Turn.TotalSeconds} s each.");
        foreach (var (concurrency, summaries) in results)
        {
            output.WriteLine();
            WriteTable(output, concurrency, summaries);
        }
    }

    private static void WriteTable(TextWriter output, int concurrency, Summary[] summaries)
    {
        var table = new MarkdownTable($"{concurrency} at once", "p50 ms", "p99 ms", "requests/s", "share of the slow one", "failed");
        foreach (var summary in summaries)
        {
            table.Add(
                summary.Target.Name,
                $"{summary.P50.TotalMilliseconds:0.0}",
                $"{summary.P99.TotalMilliseconds:0.0}",
                $"{summary.RequestsPerSecond:0}",
                $"{summary.ShareOf(Slow) * 100:0.0} %",
                $"{summary.Failures}");
        }

        if (Gateways.NginxPeer is null)
        {
            table.Add(NginxRow, "not installed");
        }

        table.WriteTo(output);
    }
}
