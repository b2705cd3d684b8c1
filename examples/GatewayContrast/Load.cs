using System.Diagnostics;

namespace GatewayContrast;

/// <summary>Sends requests, always so many at once, one way and the other in turns, so that whatever else the machine does meets both.</summary>
internal sealed class Load(Way balanced, Way throughGateway, ServerProcess backends, TimeSpan duration)
{
    private const int Rounds = 8;

    // A fifth of the time, for connections to be open and code to be compiled.
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

        var (mine, its) = (new List<Turn>(), new List<Turn>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(await SendAsync(balanced, concurrency, _turn, cancellationToken));
            its.Add(await SendAsync(throughGateway, concurrency, _turn, cancellationToken));
        }

        return new Contrast(concurrency, new Figures(mine), new Figures(its));
    }

    private async Task<Turn> SendAsync(Way way, int concurrency, TimeSpan length, CancellationToken cancellationToken)
    {
        var (client, gateway, backend) = (Environment.CpuUsage.TotalTime, GatewayTime(), backends.ProcessorTime);
        var started = Stopwatch.GetTimestamp();
        var senders = await Task
            .WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => SendInTurnAsync(way.Client, started, length, cancellationToken), cancellationToken)))
            .WaitAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);

        TimeSpan[] latencies = [.. senders.SelectMany(static sender => sender.Latencies)];
        Array.Sort(latencies);
        return new Turn(
            latencies,
            senders.Sum(static sender => sender.Failures),
            elapsed,
            Environment.CpuUsage.TotalTime - client,
            GatewayTime() - gateway,
            backends.ProcessorTime - backend);

        TimeSpan GatewayTime() => way.Gateway?.ProcessorTime ?? TimeSpan.Zero;
    }

    private static async Task<(List<TimeSpan> Latencies, int Failures)> SendInTurnAsync(
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
