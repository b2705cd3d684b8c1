using System.Collections.Concurrent;
using System.Net.Security;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Active health checks over real sockets.</summary>
public sealed class ProbingTests
{
    private readonly ConcurrentDictionary<int, bool> _sick = new();
    private readonly ConcurrentDictionary<(int Port, string Connection), int> _probes = new();

    [Fact]
    public async Task Probing_starts_with_the_host_or_without_one_with_the_first_client()
    {
        await using var fleet = await StartAsync(2);
        await using var client = BalancedClient.Of(fleet, Probe);
        Assert.Equal([0, 0], fleet.Counts);
        _ = client.Http;
        await Eventually.True(() => client.Endpoints.All(static endpoint => endpoint.Health == EndpointHealth.Healthy), "both are healthy");

        await using var hosted = await StartAsync(2);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            Probe(options);
            options.AddEndpoints(hosted);
        });
        using var host = builder.Build();
        await host.StartAsync();
        await Eventually.True(
            () => host.Services.GetRequiredService<IClusterRegistry>().Clusters.SelectMany(static cluster => cluster.Endpoints)
                .Count(static endpoint => endpoint.Health == EndpointHealth.Healthy) == 2,
            "both are healthy");
        Assert.All(hosted.SelectMany(static backend => backend.Received), static request => Assert.Equal(("GET", "/health"), (request.Method, request.Target)));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_sick_endpoint_gets_no_traffic_until_it_is_well()
    {
        await using var fleet = await StartAsync(3);
        await using var client = BalancedClient.Of(fleet, Probe);
        _sick[fleet[0].Port] = true;
        _ = client.Http;
        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(fleet[0]).Health);

        var before = Traffic(fleet[0]);
        await client.GetAsync(60);
        Assert.Equal(before, Traffic(fleet[0]));

        _sick.Clear();
        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(fleet[0]).Health);
        await client.GetAsync(60);
        Assert.InRange(Traffic(fleet[0]), before + 1, before + 60);
    }

    [Fact]
    public async Task All_endpoints_are_used_when_all_probes_fail()
    {
        await using var fleet = await StartAsync(3);
        foreach (var backend in fleet)
        {
            _sick[backend.Port] = true;
        }

        await using var client = BalancedClient.Of(fleet, Probe);
        _ = client.Http;
        await Eventually.True(() => client.Endpoints.All(static endpoint => endpoint.Health == EndpointHealth.Unhealthy), "all are unhealthy");
        Assert.True(client.Cluster.InPanic);

        await client.GetAsync(90);
        Assert.All(fleet, static backend => Assert.InRange(Traffic(backend), 1, 90));
        Assert.True(client.Cluster.InPanic);

        _sick.Clear();
        await Eventually.True(() => client.Endpoints.All(static endpoint => endpoint.Health == EndpointHealth.Healthy), "all are healthy");
        Assert.False(client.Cluster.InPanic);
    }

    [Fact]
    public async Task A_new_endpoint_gets_no_traffic_before_a_probe_of_it_has_passed()
    {
        await using var fleet = await StartAsync(3);
        var configuration = new ReloadableConfiguration(Configuration(fleet.Take(2)));
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(configuration.Root));
        _ = client.Http;
        await Eventually.True(() => client.Endpoints.All(static endpoint => endpoint.Health == EndpointHealth.Healthy), "both are healthy");
        await using var load = new Load(client.Http, clients: 8, request: null);
        await load.AnswersAsync(100);

        _sick[fleet[2].Port] = true;
        configuration.Replace(Configuration(fleet));
        Assert.False(client.EndpointOf(fleet[2]).IsAvailable);
        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(fleet[2]).Health);
        await load.AnswersAsync(200);
        Assert.Equal(0, Traffic(fleet[2]));

        _sick.Clear();
        await Eventually.True(() => Traffic(fleet[2]) > 20, "it takes its share");
        await load.StopAsync();
        Assert.Empty(load.Failures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_probe_validates_certificates_as_the_client_does(bool trusted)
    {
        using var certificate = SelfSigned.CertificateFor("api");
        await using var backend = await Backend.StartAsync(certificate: certificate);
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler((handler, _) => handler.SslOptions.RemoteCertificateValidationCallback =
                (_, _, _, errors) => trusted && errors == SslPolicyErrors.RemoteCertificateChainErrors)
            .AddLoadBalancing(options =>
            {
                Probe(options);
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;

        await Eventually.Equal(trusted ? EndpointHealth.Healthy : EndpointHealth.Unhealthy, () => client.EndpointOf(backend).Health);
        Assert.All(backend.Received, static request => Assert.Equal(("/health", "api"), (request.Target, request.ServerName)));
    }

    [Fact]
    public async Task A_TCP_probe_only_opens_a_connection()
    {
        await using var backend = await Backend.StartAsync();
        var closed = new Uri($"http://127.0.0.1:{FreePort.Take()}/");
        await using var client = BalancedClient.Of([backend.Address, closed], static options =>
        {
            Probe(options);
            options.ActiveHealthCheck.Kind = HealthProbeKind.Tcp;
        });
        _ = client.Http;

        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.Endpoints.Single(endpoint => endpoint.Address == closed).Health);
        Assert.Equal(0, backend.Count);
    }

    [Fact]
    public async Task A_custom_probe_decides()
    {
        var probe = new OwnProbe();
        await using var fleet = await StartAsync(2);
        probe.Passes = endpoint => endpoint.Address == fleet[0].Address;
        await using var client = BalancedClient.Of(fleet, options =>
        {
            Probe(options);
            options.ActiveHealthCheck.UseProbe(probe);
        });
        _ = client.Http;

        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(fleet[1]).Health);
        await client.GetAsync(20);
        Assert.Equal([20, 0], fleet.Counts);

        // A probe that throws has failed.
        probe.Passes = endpoint => endpoint.Address == fleet[1].Address ? true : throw new InvalidOperationException("sick");
        await Eventually.True(
            () => (client.EndpointOf(fleet[0]).Health, client.EndpointOf(fleet[1]).Health) == (EndpointHealth.Unhealthy, EndpointHealth.Healthy),
            "they have changed places");
    }

    [Fact]
    public async Task One_prober_uses_the_connection_of_the_current_handler_however_many_handlers_there_are()
    {
        var handlers = 0;
        await using var fleet = await StartAsync(2);
        await using var client = BalancedClient.Create(builder => builder
            .ConfigurePrimaryHttpMessageHandler(() =>
            {
                Interlocked.Increment(ref handlers);
                return new SocketsHttpHandler { UseProxy = false };
            })
            .SetHandlerLifetime(TimeSpan.FromSeconds(1))
            .AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet);
                options.ActiveHealthCheck.Enabled = true;
                options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(100);
                options.ActiveHealthCheck.Timeout = Eventually.Deadline;
            }));
        var first = client.Http;
        var started = TimeProvider.System.GetTimestamp();

        await Eventually.True(
            async () =>
            {
                (await first.GetAsync("/")).Dispose();
                (await client.CreateHttpClient().GetAsync("/")).Dispose();
                return handlers >= 4;
            },
            "several handlers have been in use");
        await Eventually.True(() => _probes.Values.Sum() > 40, "there are probes");

        // Jitter makes an interval at least 90 ms long.
        var most = 2 + (int)(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / 90);
        var ports = _probes.GroupBy(static probe => probe.Key.Port).ToList();
        Assert.Equal(fleet.Select(static backend => backend.Port).Order(), ports.Select(static port => port.Key).Order());
        Assert.All(ports, port => Assert.InRange(port.Sum(static probe => probe.Value), 1, most));

        // A request may hold the connection of a handler when a probe begins, so each handler has two at most.
        Assert.All(ports, port => Assert.InRange(port.Count(), 1, 2 * handlers));
    }

    [Fact]
    public async Task Probes_count_neither_as_requests_in_flight_nor_for_the_latency()
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(gate.HoldAsync);
        await using var client = BalancedClient.Of(backend, static options =>
        {
            Probe(options);
            options.ActiveHealthCheck.Timeout = Eventually.Deadline;
        });
        _ = client.Http;
        await gate.Arrived;

        var endpoint = client.EndpointOf(backend);
        Assert.Equal((0, EndpointHealth.Unknown), (endpoint.InFlight, endpoint.Health));

        gate.Open();
        await Eventually.Equal(EndpointHealth.Healthy, () => endpoint.Health);
        Assert.Equal((0, null), (endpoint.InFlight, endpoint.Latency));
    }

    [Fact]
    public async Task No_endpoint_is_probed_once_the_container_is_disposed_of()
    {
        var time = new FakeTimeProvider();
        var probe = new OwnProbe();
        await using var fleet = await StartAsync(2);
        var client = BalancedClient.Create(
            builder => builder.AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet);
                options.ActiveHealthCheck.Enabled = true;
                options.ActiveHealthCheck.UseProbe(probe);
            }),
            services => services.AddSingleton<TimeProvider>(time));
        _ = client.Http;
        await Eventually.TrueAsTimePasses(time, TimeSpan.FromSeconds(1), () => probe.Calls > 10, "there are probes");

        // This probe ignores its token, so it may still be running.
        await client.DisposeAsync();
        await Eventually.Equal(0, () => probe.Running);
        var calls = probe.Calls;
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((calls, 0), (probe.Calls, probe.Running));
    }

    [Fact]
    public async Task A_probe_under_way_ends_when_the_container_is_disposed_of()
    {
        var gate = new Gate();
        var ended = new TaskCompletionSource();
        await using var backend = await Backend.StartAsync(async context =>
        {
            try
            {
                await gate.HoldAsync(context);
            }
            finally
            {
                ended.TrySetResult();
            }
        });
        var client = BalancedClient.Of(backend, static options =>
        {
            Probe(options);
            options.ActiveHealthCheck.Timeout = Eventually.Deadline;
        });
        _ = client.Http;
        await gate.Arrived;

        await Eventually.Done(client.DisposeAsync().AsTask());
        await Eventually.Done(ended.Task);
        Assert.Equal(1, backend.Count);
    }

    [Fact]
    public async Task A_reload_of_the_host_header_reaches_probes()
    {
        await using var backend = await Backend.StartAsync();
        var configuration = new ReloadableConfiguration([.. Configuration([backend]), ("HostHeader", "Endpoint")]);
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(configuration.Root));
        _ = client.Http;
        await Eventually.True(() => backend.Count > 0, "it is probed");
        Assert.All(backend.Received, static request => Assert.NotEqual("api", request.Host));

        configuration.Replace([.. Configuration([backend]), ("HostHeader", "Service")]);

        await Eventually.True(() => backend.Received[^1].Host == "api", "probes have the new header");
    }

    [Fact]
    public async Task A_probe_has_the_client_s_host_header_as_requests_do()
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Create(builder => builder
            .ConfigureHttpClient(static http => http.DefaultRequestHeaders.Host = "orders.internal")
            .AddLoadBalancing(options =>
            {
                Probe(options);
                options.HostHeader = HostHeaderMode.Service;
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;
        await Eventually.True(() => backend.Count > 0, "it is probed");
        await client.GetAsync(1, "/request");

        Assert.Contains(backend.Received, static request => request.Target == "/request");
        Assert.All(backend.Received, static request => Assert.Equal("orders.internal", request.Host));
    }

    [Fact]
    public async Task A_probe_that_throws_when_it_is_cancelled_does_not_disturb_the_disposal()
    {
        var probe = new OwnProbe { Passes = static _ => true, OnCancelled = static () => throw new InvalidOperationException("cancelled") };
        await using var fleet = await StartAsync(2);
        var client = BalancedClient.Of(fleet, options =>
        {
            Probe(options);
            options.ActiveHealthCheck.UseProbe(probe);
        });
        _ = client.Http;
        await Eventually.True(() => probe.Calls > 4, "there are probes");

        await Eventually.Done(client.DisposeAsync().AsTask());

        await Eventually.Equal(0, () => probe.Running);
    }

    private static void Probe(LoadBalancingOptions options)
    {
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(50);
        options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(50);
    }

    private static (string Key, string Value)[] Configuration(IEnumerable<Backend> backends) =>
    [
        ("ActiveHealthCheck:Enabled", "true"),
        ("ActiveHealthCheck:Interval", "00:00:00.05"),
        ("ActiveHealthCheck:UnhealthyInterval", "00:00:00.05"),
        .. backends.Select(static (backend, i) => ($"Endpoints:{i}:Address", backend.Address.ToString())),
    ];

    private static int Traffic(Backend backend) => backend.Received.Count(static request => request.Target != "/health");

    private Task<BackendFleet> StartAsync(int count) => BackendFleet.StartAsync(count, context =>
    {
        if (context.Request.Path == "/health")
        {
            _probes.AddOrUpdate((context.Connection.LocalPort, context.Connection.Id), 1, static (_, count) => count + 1);
            context.Response.StatusCode = _sick.ContainsKey(context.Connection.LocalPort) ? 500 : 200;
        }

        return context.Response.WriteAsync("ok");
    });

    private sealed class OwnProbe : IHealthProbe
    {
        private int _calls;
        private int _running;

        internal Func<ClusterEndpoint, bool> Passes { get; set; } = static _ => true;

        internal Action? OnCancelled { get; init; }

        internal int Calls => Volatile.Read(ref _calls);

        internal int Running => Volatile.Read(ref _running);

        public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            Interlocked.Increment(ref _running);
            try
            {
                if (OnCancelled is { } onCancelled)
                {
                    cancellationToken.Register(onCancelled);
                    if (Calls > 4)
                    {
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }
                }

                await Task.Yield();
                return Passes(endpoint) ? HealthProbeResult.Passed : HealthProbeResult.Failed("the test says so");
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
