using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using ClientSideLb.AspNetCore.Status;
using ClientSideLb.AspNetCore.Traffic;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.AspNetCore.Tests.Status;

/// <summary>The status of clusters and endpoints, as the page's JSON has it.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task The_status_shows_the_state_of_each_endpoint()
    {
        await using var app = await TestApp.StartAsync(3, static options =>
        {
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin;
            options.Endpoints[0].Weight = 2;
            options.Endpoints[0].Zone = "a";
        });
        app.Cluster.TryDrain(app.Backends[2].Address);

        var status = await app.GetStatusAsync();

        var cluster = Assert.Single(status.GetProperty("clusters").EnumerateArray());
        Assert.Equal("orders", cluster.GetProperty("client").GetString());
        Assert.Equal("orders", cluster.GetProperty("service").GetString());
        Assert.Equal("WeightedRoundRobin", cluster.GetProperty("strategy").GetString());
        Assert.Equal(2, cluster.GetProperty("available").GetInt32());
        Assert.Equal((3, 3), (cluster.GetProperty("used").GetInt32(), cluster.GetProperty("listed").GetInt32()));
        Assert.False(cluster.GetProperty("inPanic").GetBoolean());
        var rows = cluster.GetProperty("endpoints").EnumerateArray().ToList();
        Assert.Equal(app.Backends.Select(static backend => backend.Name), rows.Select(static row => row.GetProperty("address").GetString()));
        Assert.Equal(["Unknown", "Unknown", "Draining"], rows.Select(static row => row.GetProperty("health").GetString()));
        Assert.Equal([null, null, "it was drained by hand"], rows.Select(static row => row.GetProperty("reason").GetString()));
        Assert.Equal(["a", null, null], rows.Select(static row => row.GetProperty("zone").GetString()));
        Assert.Empty(cluster.GetProperty("levels").EnumerateArray());
        Assert.All(rows, static row => Assert.Null(GetNumber(row, "level")));
        Assert.Equal([2, 1, 1], rows.Select(static row => row.GetProperty("weight").GetInt32()));
        Assert.Equal([2.0 / 3, 1.0 / 3, null], rows.Select(static row => GetNumber(row, "fairShare")));
    }

    [Fact]
    public async Task Only_a_drain_by_hand_can_be_ended_on_the_page()
    {
        await using var app = await TestApp.StartAsync(1, services: static services =>
        {
            services.AddSingleton<IServiceEndpointProviderFactory, DrainingProvider>();
            services.AddHttpClient("stock").ConfigurePrimaryHttpMessageHandler(static () => new Silent()).AddLoadBalancing();
        });
        using (await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("stock").GetAsync(new Uri("http://stock/")))
        {
        }

        var cluster = app.Services.GetRequiredService<IClusterRegistry>().Clusters.Single(static cluster => cluster.ServiceName == "stock");
        cluster.TryDrain(new Uri("http://10.0.0.2"));

        Assert.Equal(
            [("http://10.0.0.1:80", false), ("http://10.0.0.2:80", true), ("http://10.0.0.3:80", true), ("http://10.0.0.4:80", false)],
            (await app.GetStatusAsync()).GetProperty("clusters").EnumerateArray().Single(static one => one.GetProperty("service").GetString() == "stock")
                .GetProperty("endpoints").EnumerateArray().Select(static row => (row.GetProperty("address").GetString(), row.GetProperty("changeable").GetBoolean())));
    }

    [Fact]
    public async Task The_status_lists_the_names_that_no_provider_knows()
    {
        await using var app = await TestApp.StartAsync(1, services: static services =>
        {
            Add("shop", static _ => { });
            Add("strict", static options => options.UnknownServices = UnknownServiceMode.Refuse);

            void Add(string client, Action<LoadBalancingOptions> configure) =>
                services.AddHttpClient(client).UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false).AddLoadBalancing(configure);
        });
        Assert.Equal((0, 0), Read(await app.GetStatusAsync()));

        // 22 addresses of this machine, which differ in host.
        var port = app.Backends[0].Address.Port;
        var clients = app.Services.GetRequiredService<IHttpClientFactory>();
        for (var i = 1; i <= 22; i++)
        {
            await Record.ExceptionAsync(() => clients.CreateClient("shop").GetAsync(new Uri($"http://127.0.1.{i}:{port}/")));
        }

        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => clients.CreateClient("strict").GetAsync(new Uri("http://inventroy/")));

        var status = await app.GetStatusAsync();
        Assert.Equal((20, 3), Read(status));
        var first = status.GetProperty("unknown").GetProperty("services")[0];
        Assert.Equal(("shop", "127.0.1.1", false), (first.GetProperty("client").GetString(), first.GetProperty("service").GetString(), first.GetProperty("isRefused").GetBoolean()));

        static (int Services, int More) Read(JsonElement status) =>
            (status.GetProperty("unknown").GetProperty("services").GetArrayLength(), status.GetProperty("unknown").GetProperty("more").GetInt32());
    }

    [Fact]
    public async Task The_fair_share_is_that_of_the_level_and_of_the_weight_in_it()
    {
        await using var app = await TestApp.StartAsync(4, static options =>
        {
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin;
            options.Endpoints[2].Priority = options.Endpoints[3].Priority = 1;
            options.Endpoints[3].Weight = 2;
        });
        Assert.Equal([0.5, 0.5, 0, 0], (await app.GetRowsAsync()).Select(static row => GetNumber(row, "fairShare")));
        Assert.Equal([(0, 2, 2, 1), (1, 2, 2, 0)], await ReadLevelsAsync(app));

        app.Cluster.TryDrain(app.Backends[0].Address);

        Assert.Equal([(0, 2, 1, 0.7), (1, 2, 2, 0.3)], await ReadLevelsAsync(app));
        var rows = await app.GetRowsAsync();
        Assert.Equal([0, 0, 1, 1], rows.Select(static row => row.GetProperty("level").GetInt32()));
        Assert.Equal([0, 0, 1, 1], rows.Select(static row => row.GetProperty("priority").GetInt32()));
        Assert.Equal([null, 0.7, 0.1, 0.2], rows.Select(static row => GetNumber(row, "fairShare") is { } share ? Math.Round(share, 6) : (double?)null));
    }

    [Fact]
    public async Task The_status_shows_the_traffic_of_each_endpoint()
    {
        var time = new FakeTimeProvider();
        await using var app = await TestApp.StartAsync(
            2, static options => options.Failover.Enabled = false, services => services.AddSingleton<TimeProvider>(time));
        app.Backends[0].Answer = _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            return Task.CompletedTask;
        };
        app.Backends[1].AnswerWith(503);

        await app.SendAsync(8);
        time.Advance(TimeSpan.FromMilliseconds(980));

        // The running second has just begun: with the nine before it, the figures cover nine seconds.
        var (good, bad) = (await app.GetRowAsync(app.Backends[0]), await app.GetRowAsync(app.Backends[1]));
        Assert.Equal((4 / 9.0, 4 / 9.0), (GetNumber(good, "requestsPerSecond"), GetNumber(bad, "requestsPerSecond")));
        Assert.Equal((0.5, 0.5), (GetNumber(good, "share"), GetNumber(bad, "share")));
        Assert.Equal((0.0, 1.0), (GetNumber(good, "errorRate"), GetNumber(bad, "errorRate")));
        Assert.Equal(4, good.GetProperty("history").EnumerateArray().Sum(static second => second.GetInt32()));
        Assert.Equal(60, good.GetProperty("history").GetArrayLength());
        Assert.InRange(GetNumber(good, "p50Ms")!.Value, 4.6, 5.4);
        Assert.InRange(GetNumber(good, "p99Ms")!.Value, 4.6, 5.4);
        Assert.Null(GetNumber(bad, "p50Ms"));
        Assert.Equal(1, GetNumber(good, "penalty"));
        Assert.True(GetNumber(bad, "penalty") > 2);
        Assert.Null(GetNumber(good, "latencyEstimateMs"));
    }

    [Fact]
    public async Task The_status_shows_the_latencies_that_the_strategy_compares()
    {
        var time = new FakeTimeProvider();
        await using var app = await TestApp.StartAsync(
            2, static options => options.Strategy = LoadBalancingStrategies.PeakEwma, services => services.AddSingleton<TimeProvider>(time));
        app.Backends[0].Answer = _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(400));
            return Task.CompletedTask;
        };
        app.Backends[1].AnswerWith(500);

        await app.SendAsync(20);

        // A failure counts as 5 s, and each answer of the other one decays that a little.
        Assert.InRange(GetNumber(await app.GetRowAsync(app.Backends[0]), "latencyEstimateMs")!.Value, 390, 401);
        Assert.InRange(GetNumber(await app.GetRowAsync(app.Backends[1]), "latencyEstimateMs")!.Value, 1_000, 5_000);
    }

    [Fact]
    public async Task The_figures_of_an_ejected_endpoint_include_the_failures_that_ejected_it()
    {
        await using var app = await TestApp.StartAsync(
            2, static options => options.Failover.Enabled = false, static services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));

        await app.SendAsync(20);
        await app.EjectAsync(app.Backends[0]);

        // The clock stands still, so all of this happened in the running second.
        var row = await app.GetRowAsync(app.Backends[0]);
        Assert.Equal("5 requests in a row failed", row.GetProperty("reason").GetString());
        Assert.Equal(5 / 15.0, GetNumber(row, "errorRate"));
        Assert.Equal(15 / 9.0, GetNumber(row, "requestsPerSecond"));
    }

    [Fact]
    public async Task The_first_answer_is_in_the_figures_at_once()
    {
        await using var app = await TestApp.StartAsync(1, services: static services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));

        await app.SendAsync(1);

        var row = await app.GetRowAsync(app.Backends[0]);
        Assert.Equal((1.0, 0.0), (GetNumber(row, "share"), GetNumber(row, "errorRate")));
        Assert.NotNull(GetNumber(row, "p50Ms"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/", "http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0}/base/", "http://127.0.0.1:{0}/base")]
    [InlineData("http://LocalHost:{0}", "http://localhost:{0}")]
    [InlineData("ws://127.0.0.1:{0}", "http://127.0.0.1:{0}")]
    public async Task An_endpoint_shows_its_traffic_however_its_address_is_written(string written, string shown)
    {
        await using var backend = await TestBackend.StartNewAsync();
        var address = new Uri(string.Format(CultureInfo.InvariantCulture, written, backend.Address.Port));
        await using var app = await TestApp.StartAsync(0, options => options.Endpoints.Add(new EndpointOptions { Address = address }));

        await app.SendAsync(1);

        await Eventually.TrueAsync(async () => GetNumber(Assert.Single(await app.GetRowsAsync()), "share") == 1, "the second of the request is over");
        Assert.Equal(
            string.Format(CultureInfo.InvariantCulture, shown, backend.Address.Port),
            Assert.Single(await app.GetRowsAsync()).GetProperty("address").GetString());
    }

    [Fact]
    public async Task The_credentials_in_an_address_are_never_shown()
    {
        const string Secret = "hunter2";
        await using var app = await TestApp.StartAsync(
            services: static services =>
            {
                services
                    .AddHttpClient("prices", static http => http.BaseAddress = new Uri($"http://user:{Secret}@prices/"))
                    .AddLoadBalancing(static options => options.ActiveHealthCheck.Enabled = true);
                services.AddHealthChecks().AddLoadBalancing();
            },
            settings: new()
            {
                ["Services:prices:http:0"] = $"http://user:{Secret}@127.0.0.1:1",
                ["Services:prices:http:1"] = "http://127.0.0.1:2",
            });
        await Eventually.TrueAsync(async () => (await GetClustersAsync()).Contains("http://127.0.0.1:2\"", StringComparison.Ordinal), "the service is found");

        Assert.DoesNotContain("http://127.0.0.1:1\"", await GetClustersAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await GetClustersAsync(), StringComparison.Ordinal);
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(health), StringComparison.Ordinal);

        async Task<string> GetClustersAsync() => (await app.GetStatusAsync()).GetProperty("clusters").GetRawText();
    }

    [Fact]
    public async Task An_ejected_endpoint_shows_its_reason_and_the_time_left()
    {
        await using var app = await TestApp.StartAsync(2, static options => options.Failover.Enabled = false);

        await app.EjectAsync(app.Backends[0]);

        var row = await app.GetRowAsync(app.Backends[0]);
        Assert.Equal("Ejected", row.GetProperty("health").GetString());
        Assert.Equal("5 requests in a row failed", row.GetProperty("reason").GetString());
        Assert.InRange(GetNumber(row, "ejectionSecondsLeft")!.Value, 0, 11);
        Assert.Null(GetNumber(row, "fairShare"));
    }

    [Fact]
    public async Task The_fields_of_an_endpoint_never_contradict_each_other_while_its_state_changes()
    {
        await using var app = await FlippingApp.StartAsync();
        using var traffic = new TrafficMonitor(app.Services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var reader = new StatusReader(app.Services.GetRequiredService<IClusterRegistry>(), traffic, TimeProvider.System);

        for (var i = 0; i < 20_000; i++)
        {
            var cluster = Assert.Single(reader.ReadClusters());
            Assert.Equal(cluster.Available, cluster.Endpoints.Count(static row => row.Available));
            Assert.All(cluster.Endpoints, row =>
            {
                Assert.Equal(row.Health == "Draining", row.Reason == FlippingApp.DrainReason);
                Assert.Equal(row.Health is "Draining" or "Unhealthy", row.Reason is not null);
                Assert.Equal(row.Health is not ("Draining" or "Unhealthy"), row.Available);
                Assert.Equal(cluster.InPanic ? row.Health != "Draining" : row.Available, row.FairShare is not null);
            });
        }
    }

    [Fact]
    public async Task A_request_is_in_flight_until_its_body_has_been_read()
    {
        await using var app = await TestApp.StartAsync(1);
        using var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        using var response = await http.GetAsync(new Uri("", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var before = await app.GetRowAsync(app.Backends[0]);
        await response.Content.ReadAsStringAsync();
        var after = await app.GetRowAsync(app.Backends[0]);

        Assert.Equal((1.0, 0.0), (GetNumber(before, "inFlight"), GetNumber(after, "inFlight")));
    }

    private static async Task<IEnumerable<(int Priority, int Count, int Available, double Share)>> ReadLevelsAsync(TestApp app) =>
        Assert.Single((await app.GetStatusAsync()).GetProperty("clusters").EnumerateArray()).GetProperty("levels").EnumerateArray().Select(static level => (
            level.GetProperty("priority").GetInt32(),
            level.GetProperty("count").GetInt32(),
            level.GetProperty("available").GetInt32(),
            level.GetProperty("share").GetDouble()));

    private static double? GetNumber(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <summary>Knows the service "stock", whose first endpoint it drains.</summary>
    private sealed class DrainingProvider : IServiceEndpointProviderFactory, IServiceEndpointProvider
    {
        public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
        {
            provider = query.ServiceName == "stock" ? this : null;
            return provider is not null;
        }

        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            for (var i = 1; i <= 4; i++)
            {
                var endpoint = ServiceEndpoint.Create(new UriEndPoint(new Uri($"http://10.0.0.{i}")));
                endpoint.Features.Set(new EndpointMetadata { Health = i == 1 ? EndpointHealth.Draining : null, Weight = i == 4 ? 0 : null });
                endpoints.Endpoints.Add(endpoint);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Silent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
