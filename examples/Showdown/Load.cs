using System.Diagnostics;
using System.Net;
using ClientSideLb;

namespace Showdown;

/// <summary>Sends requests at a steady pace, without waiting for answers.</summary>
internal sealed class Load(HttpClient client, string strategy, IReadOnlyList<BackendTally> tallies, int keys)
{
    /// <summary>The number of values of <see cref="Phase"/>.</summary>
    internal const int PhaseCount = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1) / 400;

    private readonly Dictionary<ClusterEndpoint, BackendTally> _tallyOf = tallies.ToDictionary(static tally => tally.Endpoint);
    private readonly List<Task> _answers = [];
    private int _sentCount;
    private int _failures;

    internal KeyOwners KeyOwners { get; } = new(keys);

    internal Timings Timings { get; } = new();

    internal int Failures => Volatile.Read(ref _failures);

    internal string? FirstFailure { get; private set; }

    /// <summary>Gets the number of requests that have been sent.</summary>
    internal int Sent => Volatile.Read(ref _sentCount);

    /// <summary>Sends a number of requests. The task completes when they have been sent, before their answers arrive.</summary>
    internal Task SendAsync(int count, Phase? phase, CancellationToken cancellationToken) =>
        SendWhileAsync(sent => sent < count, phase, cancellationToken);

    /// <summary>Sends requests that belong to no phase until a task completes.</summary>
    internal async Task SendUntilAsync(Task task, CancellationToken cancellationToken)
    {
        await SendWhileAsync(_ => !task.IsCompleted, phase: null, cancellationToken);
        await task;
    }

    /// <summary>Waits for the answers to all requests sent so far.</summary>
    internal Task WaitForAnswersAsync() => Task.WhenAll(_answers);

    private async Task SendWhileAsync(Func<int, bool> continues, Phase? phase, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; continues(i); i++)
        {
            var early = (i * Pace) - clock.Elapsed;
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            Interlocked.Increment(ref _sentCount);
            _answers.Add(SendOneAsync(key: i % keys, phase, cancellationToken));

            // In-flight counts grow only when a request is sent, so a sample after each request finds the peak.
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

            // The balancer stores the endpoint in the request.
            var endpoint = request.GetEndpoint() ?? throw new InvalidOperationException("The request was not balanced.");
            Timings.Add(clock.Elapsed);
            if (phase is { } known && !AttemptCounter.HasMoved(request))
            {
                // Requests that moved are left out: they were sent in one phase and answered in the next.
                KeyOwners.Record(known, key, endpoint);
            }

            _tallyOf[endpoint].CountRequest();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A stop by Ctrl+C is not a failure.
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
            // A gateway would set the address of the caller for whom it sends the request.
            case LoadBalancingStrategies.IpHash:
                request.SetClientIp(new IPAddress([203, 0, 113, (byte)key]));
                break;

            // Without a key, the strategy would hash the path and query.
            case LoadBalancingStrategies.ConsistentHash or LoadBalancingStrategies.Maglev:
                request.SetHashKey($"customer-{key}");
                break;
        }

        return request;
    }
}
