using System.Diagnostics;
using ClientSideLb.Benchmarks.EndToEnd.Children;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>
/// Sends requests, always so many at once, to one target after the other, round after round: whatever else the machine is doing meets all
/// of them alike.
/// </summary>
internal sealed class Load
{
    private const int Seed = 1;

    // For connections to be open, and for the compiler's last tier.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly ChildProcess _backends;
    private readonly LoadOptions _options;
    private readonly Sender[] _senders;

    private Load(ChildProcess backends, int concurrency, LoadOptions options)
    {
        _backends = backends;
        _options = options;
        _senders = [.. Enumerable.Range(0, concurrency).Select(i => new Sender(backends.Addresses.Count, i))];
    }

    /// <summary>Measures with each number of requests at once that the options ask for.</summary>
    internal static async Task<IReadOnlyList<LoadResult>> MeasureAsync(
        ChildProcess backends, IReadOnlyList<Target> targets, LoadOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var results = new List<LoadResult>();
        foreach (var concurrency in options.Concurrency)
        {
            var turns = await new Load(backends, concurrency, options).TakeTurnsAsync(targets, progress, cancellationToken);
            results.Add(new LoadResult(concurrency, [.. targets.Zip(turns, static (target, its) => new Summary(target, its))]));
        }

        progress.Report("");
        return results;
    }

    private async Task<Turn[][]> TakeTurnsAsync(IReadOnlyList<Target> targets, IProgress<string> progress, CancellationToken cancellationToken)
    {
        foreach (var target in targets)
        {
            progress.Report($"{_senders.Length} at once: {target.Name} warms up");
            await TakeTurnAsync(target, 0, WarmUp, cancellationToken);
        }

        // Each round has an order of its own: neither drift within a round nor what a neighbour leaves in caches and heap favours anybody.
        var order = Enumerable.Range(0, targets.Count).ToArray();
        var random = new Random(Seed);
        var turns = targets.Select(_ => new Turn[_options.Rounds]).ToArray();
        for (var round = 0; round < _options.Rounds; round++)
        {
            progress.Report($"{_senders.Length} at once: round {round + 1} of {_options.Rounds}");
            random.Shuffle(order);
            foreach (var turn in order)
            {
                turns[turn][round] = await TakeTurnAsync(targets[turn], round + 1, _options.Turn, cancellationToken);
            }
        }

        return turns;
    }

    private async Task<Turn> TakeTurnAsync(Target target, int round, TimeSpan length, CancellationToken cancellationToken)
    {
        if (target.BeforeTurnAsync is { } beforeTurnAsync)
        {
            await beforeTurnAsync(cancellationToken);
        }

        var before = ReadTimes(target);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(_senders.Select(sender => Task.Run(() => sender.SendAsync(target, round, started, length), cancellationToken)))
            .WaitAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var times = ReadTimes(target) - before;

        TimeSpan[] latencies = [.. _senders.SelectMany(static sender => sender.Latencies)];
        Array.Sort(latencies);
        return new Turn(
            _senders.Sum(static sender => sender.Errors),
            _senders.Sum(static sender => sender.Failures),
            elapsed,
            latencies,
            [.. _backends.Addresses.Select((_, backend) => _senders.Sum(sender => sender.PerBackend[backend]))],
            times);
    }

    private ProcessorTimes ReadTimes(Target target) =>
        new(Environment.CpuUsage.TotalTime, target.Gateway?.ProcessorTime ?? TimeSpan.Zero, _backends.ProcessorTime);

    /// <summary>Sends one request after the other.</summary>
    private sealed class Sender(int backends, int number)
    {
        internal List<TimeSpan> Latencies { get; } = [];

        internal int Errors { get; private set; }

        internal int Failures { get; private set; }

        internal int[] PerBackend { get; } = new int[backends];

        internal async Task SendAsync(Target target, int round, long started, TimeSpan length)
        {
            // Each begins elsewhere, so that they do not ask for the same thing all at once. All targets of a round get the same requests.
            var next = (number * 7919L) + (round * 104_729L);
            Latencies.Clear();
            Errors = 0;
            Failures = 0;
            Array.Clear(PerBackend);
            while (Stopwatch.GetElapsedTime(started) < length)
            {
                var sent = Stopwatch.GetTimestamp();
                try
                {
                    var answer = await target.SendAsync(next++);
                    var latency = Stopwatch.GetElapsedTime(sent);
                    PerBackend[answer.Backend]++;
                    if (answer.IsError)
                    {
                        Errors++;
                    }
                    else
                    {
                        Latencies.Add(latency);
                    }
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    Failures++;
                }
            }
        }
    }
}
