using System.Collections.Concurrent;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Backends in processes of their own, a balanced client, and what goes over the wire between them.</summary>
internal sealed class ChaosTest : IAsyncDisposable
{
    /// <summary>Short, so that a test sees an endpoint leave and return several times.</summary>
    internal static readonly TimeSpan EjectionTime = TimeSpan.FromMilliseconds(300);

    private readonly ITestOutputHelper _output;
    private readonly BackendProcess[] _backends;
    private readonly BalancedClient _client;
    private readonly ConcurrentDictionary<int, int> _attempts = new();

    private ChaosTest(
        BackendProcess[] backends, ITestOutputHelper output, Action<LoadBalancingOptions>? configure, TimeSpan? timeout)
    {
        _backends = backends;
        _output = output;
        _client = BalancedClient.Create(builder => builder
            .ConfigureHttpClient(http => http.Timeout = timeout ?? Eventually.Deadline)
            .AddLoadBalancing(options =>
            {
                options.OutlierDetection.BaseEjectionTime = EjectionTime;
                options.AddEndpoints(backends.Select(static backend => backend.Address));
                configure?.Invoke(options);
            })
            .AddHttpMessageHandler(() => new AttemptCounter(_attempts)));
    }

    internal BackendProcess this[int index] => _backends[index];

    internal HttpClient Http => _client.Http;

    internal ICluster Cluster => _client.Cluster;

    /// <summary>Gets the number of attempts, including those that moved.</summary>
    internal int Attempts => _attempts.Values.Sum();

    internal int InFlight => _client.InFlight;

    internal static async Task<ChaosTest> StartAsync(
        int count, ITestOutputHelper output, Action<LoadBalancingOptions>? configure = null, TimeSpan? timeout = null)
    {
        var backends = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => BackendProcess.StartAsync()));
        return new ChaosTest(backends, output, configure, timeout);
    }

    internal Load StartLoad(int clients = Load.DefaultClients, Func<HttpRequestMessage>? request = null) => new(_client.Http, clients, request);

    internal ClusterEndpoint EndpointOf(BackendProcess backend)
    {
        // The cluster is created with its client.
        _ = _client.Http;
        return _client.Endpoints.Single(endpoint => endpoint.Address == backend.Address);
    }

    /// <summary>Gets the number of attempts at a backend.</summary>
    internal int AttemptsAt(BackendProcess backend) => _attempts.GetValueOrDefault(backend.Address.Port);

    /// <summary>Waits until the client sees a backend in one of these states of health, and gets how long that took.</summary>
    internal async Task<TimeSpan> TimeToAsync(BackendProcess backend, params EndpointHealth[] healths)
    {
        var endpoint = EndpointOf(backend);
        return await TimeToAsync(() => healths.Contains(endpoint.Health), $"{endpoint} is {string.Join(" or ", healths)}");
    }

    internal static async Task<TimeSpan> TimeToAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.True(condition, what);
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Waits for a number of attempts, and gets a backend's share of them.</summary>
    internal async Task<double> ShareAsync(BackendProcess backend, int count = 1500)
    {
        var (before, all) = (AttemptsAt(backend), Attempts);
        await Eventually.True(() => Attempts >= all + count, $"{count} more attempts");
        return (AttemptsAt(backend) - before) / (double)(Attempts - all);
    }

    /// <summary>
    /// Gets a backend's share of the attempts once it lies between two bounds. A process that shares a processor with other work may get little time for a while.
    /// </summary>
    internal async Task<double> ShareBetweenAsync(BackendProcess backend, double low, double high)
    {
        var share = 0.0;
        await Eventually.True(async () => (share = await ShareAsync(backend)) >= low && share <= high, $"a share of {low:P0} to {high:P0}");
        return share;
    }

    /// <summary>Runs a fault of a backend under load. It waits until the client has left the backend, ends the fault, and waits until the client is back.</summary>
    internal async Task OutageAsync(Load load, BackendProcess backend, Func<Task> begin, Func<Task> end)
    {
        await load.AnswersAsync(500);
        var begun = begin();
        var detect = await TimeToAsync(backend, EndpointHealth.Ejected, EndpointHealth.Unhealthy);
        await begun;
        await load.AnswersAsync(1000);

        await end();
        var recover = await TimeToAsync(backend, EndpointHealth.Healthy);
        await load.AnswersAsync(200);
        await load.StopAsync();

        Report(load, ("detect", detect), ("return", recover));
        Assert.Equal(0, InFlight);
    }

    /// <summary>Runs a fault that is a mode of the backend.</summary>
    internal Task OutageAsync(Load load, BackendProcess backend, string mode) =>
        OutageAsync(load, backend, () => backend.BecomeAsync(mode), () => backend.BecomeAsync(Mode.Good));

    /// <summary>Prints the figures of a test.</summary>
    internal void Report(Load load, params (string What, TimeSpan Time)[] times)
    {
        _output.WriteLine($"{load.Requests} requests, {load.Failures.Count} failures, {Attempts - load.Requests} moved attempts");
        foreach (var (what, time) in times)
        {
            _output.WriteLine($"time to {what}: {time.TotalMilliseconds:0} ms");
        }

        foreach (var group in load.Failures.GroupBy(static failure => $"{failure.GetType().Name}: {failure.Message}"))
        {
            _output.WriteLine($"{group.Count()} × {group.Key}");
        }
    }

    internal void Report(string line) => _output.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Task.WhenAll(_backends.Select(static backend => backend.DisposeAsync().AsTask()));
    }

    // It is below the balancer, so it sees each attempt.
    private sealed class AttemptCounter(ConcurrentDictionary<int, int> attempts) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            attempts.AddOrUpdate(request.RequestUri!.Port, 1, static (_, count) => count + 1);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
