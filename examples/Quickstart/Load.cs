using System.Diagnostics;
using System.Net;
using ClientSideLb;

namespace Quickstart;

/// <summary>Sends requests at a steady pace, whether or not those before have been answered.</summary>
internal sealed class Load(HttpClient client, string strategy, IReadOnlyList<BackendTally> tallies, int keys)
{
    /// <summary>How many values <see cref="Phase"/> has.</summary>
    internal const int Phases = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1) / 400;

    private readonly Dictionary<ClusterEndpoint, BackendTally> _tallyOf = tallies.ToDictionary(static tally => tally.Endpoint);
    private readonly List<Task> _answers = [];
    private int _sentCount;
    private int _failures;

    internal KeyOwners KeyOwners { get; } = new(keys);

    internal Timings Timings { get; } = new();

    internal int Failures => Volatile.Read(ref _failures);

    internal string? FirstFailure { get; private set; }

    /// <summary>Gets how many requests have been sent.</summary>
    internal int Sent => Volatile.Read(ref _sentCount);

    /// <summary>Sends so many requests. It returns when they have been sent, and does not wait for the answers.</summary>
    internal Task SendAsync(int count, Phase? phase, CancellationToken cancellationToken) =>
        SendWhileAsync(sent => sent < count, phase, cancellationToken);

    /// <summary>Sends requests, that belong to no phase, until something has happened.</summary>
    internal async Task SendUntilAsync(Task happened, CancellationToken cancellationToken)
    {
        await SendWhileAsync(_ => !happened.IsCompleted, phase: null, cancellationToken);
        await happened;
    }

    /// <summary>Waits for the answers to all requests sent so far.</summary>
    internal Task WhenAnsweredAsync() => Task.WhenAll(_answers);

    private async Task SendWhileAsync(Func<int, bool> goesOn, Phase? phase, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; goesOn(i); i++)
        {
            var early = (i * Pace) - clock.Elapsed;
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            Interlocked.Increment(ref _sentCount);
            _answers.Add(SendOneAsync(key: i % keys, phase, cancellationToken));

            // Only sending makes in-flight grow, so a look after each request sees the peak.
            foreach (var tally in tallies)
            {
                tally.SampleInFlight();
            }
        }
    }

    private async Task SendOneAsync(int key, Phase? phase, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var request = CreateRequest(key);
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();

            // The request remembers where it was sent.
            var endpoint = request.GetEndpoint() ?? throw new InvalidOperationException("The request was not balanced.");
            Timings.Add(clock.Elapsed);
            if (phase is { } known && !AttemptCounter.HasMoved(request))
            {
                // A request that the kill hit was sent in one phase and answered in the next.
                KeyOwners.Record(known, key, endpoint);
            }

            _tallyOf[endpoint].CountRequest();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is no failure.
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            FirstFailure ??= e.Message;
            Interlocked.Increment(ref _failures);
        }
    }

    private HttpRequestMessage CreateRequest(int key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{key}");
        switch (strategy)
        {
            // In a gateway this would be the address of the caller on whose behalf the request is sent.
            case LoadBalancingStrategies.IpHash:
                request.SetClientIp(new IPAddress([203, 0, 113, (byte)key]));
                break;

            // Without a key it would be path and query.
            case LoadBalancingStrategies.ConsistentHash:
                request.SetHashKey($"customer-{key}");
                break;
        }

        return request;
    }
}
