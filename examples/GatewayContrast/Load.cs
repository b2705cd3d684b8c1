using System.Diagnostics;

namespace GatewayContrast;

/// <summary>
/// Sends requests, with a fixed number of them at once. The two ways take turns, so that other work of the machine slows down both alike.
/// </summary>
internal sealed class Load(Way balanced, Way throughGateway, ServerProcess backends, TimeSpan duration)
{
    private const int Rounds = 8;

    // A fifth of the time. After it, connections are open and code is compiled.
    private const int WarmUpTurns = 2;

    private static readonly int[] Concurrencies = [1, 32];

    private readonly TimeSpan _turn = duration / Concurrencies.Length / 2 / (WarmUpTurns + Rounds);

    internal async Task<IReadOnlyList<Contrast>> RunAsync(CancellationToken cancellationToken)
    {
        var contrasts = new List<Contrast>();
        foreach (var concurrency in Concurrencies)
        {
            contrasts.Add(await CompareAsync(concurrency, cancellationToken));
        }

        return contrasts;
    }

    private async Task<Contrast> CompareAsync(int concurrency, CancellationToken cancellationToken)
    {
        await SendAsync(balanced, concurrency, _turn * WarmUpTurns, cancellationToken);
        await SendAsync(throughGateway, concurrency, _turn * WarmUpTurns, cancellationToken);

        var (balancedTurns, gatewayTurns) = (new List<Turn>(), new List<Turn>());
        for (var round = 0; round < Rounds; round++)
        {
            balancedTurns.Add(await SendAsync(balanced, concurrency, _turn, cancellationToken));
            gatewayTurns.Add(await SendAsync(throughGateway, concurrency, _turn, cancellationToken));
        }

        return new Contrast(concurrency, new Figures(balancedTurns), new Figures(gatewayTurns), HopSpread.Of(balancedTurns, gatewayTurns));
    }

    private async Task<Turn> SendAsync(Way way, int concurrency, TimeSpan length, CancellationToken cancellationToken)
    {
        var (client, gateway, backend) = (Environment.CpuUsage.TotalTime, GetGatewayTime(), backends.ProcessorTime);
        var started = Stopwatch.GetTimestamp();
        var senders = await Task
            .WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => SendOneByOneAsync(way.Client, started, length, cancellationToken), cancellationToken)))
            .WaitAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);

        TimeSpan[] latencies = [.. senders.SelectMany(static sender => sender.Latencies)];
        Array.Sort(latencies);
        return new Turn(
            latencies,
            senders.Sum(static sender => sender.Failures),
            elapsed,
            Environment.CpuUsage.TotalTime - client,
            GetGatewayTime() - gateway,
            backends.ProcessorTime - backend);

        TimeSpan GetGatewayTime() => way.Gateway?.ProcessorTime ?? TimeSpan.Zero;
    }

    private static async Task<(List<TimeSpan> Latencies, int Failures)> SendOneByOneAsync(
        HttpClient client, long started, TimeSpan length, CancellationToken cancellationToken)
    {
        var latencies = new List<TimeSpan>();
        var failures = 0;
        for (var id = 0; Stopwatch.GetElapsedTime(started) < length; id++)
        {
            var sent = Stopwatch.GetTimestamp();
            try
            {
                await client.GetStringAsync($"orders/{id % 100}", cancellationToken);
                latencies.Add(Stopwatch.GetElapsedTime(sent));
            }
            catch (HttpRequestException)
            {
                failures++;
            }
        }

        return (latencies, failures);
    }
}
