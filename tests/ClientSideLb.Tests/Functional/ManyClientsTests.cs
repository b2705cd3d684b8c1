using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Functional;

/// <summary>What many clients of one service share, and what one client for many tenants costs: docs/many-tenants.md.</summary>
public sealed class ManyClientsTests : IDisposable
{
    private const int Many = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    // Longer than any pause between two probes, so every cluster probes its endpoints once, or twice.
    private static readonly TimeSpan Round = 1.2 * Interval;
    private static readonly Uri[] Addresses = [.. Enumerable.Range(1, 5).Select(static i => new Uri($"http://10.0.0.{i}/"))];

    private readonly FakeTimeProvider _time = new();
    private readonly ProbedHandler _shared = new();

    public void Dispose() => _shared.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clients_that_share_a_primary_handler_send_each_probe_once_and_all_learn_from_it(bool hangs)
    {
        _shared.HangsWhenFailing = hangs;
        await using var services = Build(static name => name.ConfigureHttpClient(static http => http.DefaultRequestHeaders.Add("X-App", "shop")));

        var rounds = await ProbeAsync(services, Names);

        Assert.Equal(Addresses.Length, _shared.Probes.Count);
        Assert.All(_shared.Probes.Values, sent => Assert.InRange(sent, 1, 2 * rounds));
    }

    [Theory]
    [InlineData("header")]
    [InlineData("handler")]
    public async Task Clients_that_differ_in_their_headers_or_handlers_probe_for_themselves(string difference)
    {
        var own = new List<ProbedHandler>();
        await using var services = Build(client => _ = difference == "header"
            ? client.ConfigureHttpClient(http => http.DefaultRequestHeaders.Add("X-Tenant", client.Name))
            : client.ConfigurePrimaryHttpMessageHandler(() =>
            {
                var handler = new ProbedHandler(_shared);
                own.Add(handler);
                return handler;
            }));

        await ProbeAsync(services, Names);

        Assert.Equal(Addresses.Length, _shared.Probes.Count);
        Assert.All(_shared.Probes.Values, static sent => Assert.InRange(sent, Many, int.MaxValue));
        Assert.All(own, handler => Assert.Equal(Addresses.Length, handler.Probes.Count));
    }

    [Fact]
    public async Task A_handler_of_the_client_above_the_primary_one_does_not_keep_it_from_sharing_probes()
    {
        await using var services = Build(static client => client.AddHttpMessageHandler(() => new TokenHandler(client.Name)));

        var rounds = await ProbeAsync(services, Names);

        Assert.All(_shared.Probes.Values, sent => Assert.InRange(sent, 1, 2 * rounds));
    }

    [Fact]
    public async Task One_client_sends_each_probe_once_whatever_the_number_of_hosts()
    {
        var configuration = from tenant in Names
                            from endpoint in Addresses.Index()
                            select KeyValuePair.Create($"Services:{tenant}:http:{endpoint.Index}", (string?)endpoint.Item.OriginalString);
        await using var services = Build(
            ["api"],
            services => services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build()),
            isStatic: false);
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        async Task SendAsync()
        {
            foreach (var tenant in Names)
            {
                using var response = await http.GetAsync($"http://{tenant}/orders", TestContext.Current.CancellationToken);
                Assert.True(response.IsSuccessStatusCode);
            }
        }

        await SendAsync();
        var rounds = await ProbeAsync(services, [], SendAsync);

        Assert.Equal(Addresses.Length, _shared.Probes.Count);
        Assert.All(_shared.Probes.Values, sent => Assert.InRange(sent, 1, 2 * rounds));
    }

    [Fact]
    public async Task A_further_client_costs_a_small_multiple_of_one_without_a_balancer()
    {
        await using var plain = Build(Names, static _ => { }, isBalanced: false);
        await using var balanced = Build(Names, static _ => { });

        var ratio = (double)CountBytesOfLast(balanced) / CountBytesOfLast(plain);

        Assert.InRange(ratio, 1, 10);
    }

    [Fact]
    public async Task One_client_logs_one_line_about_its_endpoints_whatever_the_number_of_tenants()
    {
        await using var services = Build(["api"], static services => services.AddLogging(static logging => logging.AddFakeLogging()));
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        foreach (var tenant in Names)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "orders");
            request.Headers.Add("X-Tenant", tenant);
            (await http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        }

        Assert.Single(services.GetRequiredService<FakeLogCollector>().GetSnapshot(), static line => line.Category == "ClientSideLb" && line.Level >= LogLevel.Information);
    }

    private static IEnumerable<string> Names => Enumerable.Range(1, Many).Select(static i => string.Create(CultureInfo.InvariantCulture, $"tenant-{i}"));

    // The bytes that the first request of the last client allocates, on this thread alone. Those of the clients before it are common to all.
    private static long CountBytesOfLast(ServiceProvider services)
    {
        var factory = services.GetRequiredService<IHttpClientFactory>();
        long before = 0;
        foreach (var name in Names)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/orders");
            factory.CreateClient(name).Send(request, TestContext.Current.CancellationToken).Dispose();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private ServiceProvider Build(Action<IHttpClientBuilder> build) => Build(Names, static _ => { }, build);

    private ServiceProvider Build(
        IEnumerable<string> names, Action<IServiceCollection> register, Action<IHttpClientBuilder>? build = null, bool isStatic = true, bool isBalanced = true)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        register(services);
        foreach (var name in names)
        {
            var client = services.AddHttpClient(name, static http => http.BaseAddress = new Uri("http://api/"))
                .ConfigurePrimaryHttpMessageHandler(() => _shared)
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
            build?.Invoke(client);
            if (isBalanced)
            {
                client.AddLoadBalancing(options => Configure(options, isStatic));
            }
        }

        return services.BuildServiceProvider();
    }

    private static void Configure(LoadBalancingOptions options, bool isStatic)
    {
        if (isStatic)
        {
            options.AddEndpoints(Addresses);
        }

        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Interval = Interval;
        options.ActiveHealthCheck.UnhealthyInterval = Interval;
        options.ActiveHealthCheck.UnhealthyThreshold = 1;
    }

    // Lets all clusters see their endpoints work, and then fail. Returns the rounds of probes that it took until all had seen that.
    private async Task<int> ProbeAsync(ServiceProvider services, IEnumerable<string> names, Func<Task>? keepInUse = null)
    {
        foreach (var name in names)
        {
            services.GetRequiredService<IHttpClientFactory>().CreateClient(name).Dispose();
        }

        var clusters = services.GetRequiredService<IClusterRegistry>();
        bool All(EndpointHealth health) =>
            clusters.Clusters.Count == Many && clusters.Clusters.All(cluster => cluster.Endpoints.All(endpoint => endpoint.Health == health));
        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromSeconds(1), () => All(EndpointHealth.Healthy), "all endpoints were to be probed");

        _shared.Probes.Clear();
        _shared.ProbeAnswer = HttpStatusCode.ServiceUnavailable;
        var rounds = 0;
        await Eventually.True(
            async () =>
            {
                rounds++;
                _time.Advance(Round);
                await (keepInUse?.Invoke() ?? Task.CompletedTask);
                return All(EndpointHealth.Unhealthy);
            },
            "all clusters were to see that the endpoints fail");
        return rounds;
    }

    // Answers at once, so that a probe has ended before the time moves on.
    private sealed class ProbedHandler(ProbedHandler? inner = null) : HttpMessageHandler
    {
        internal ConcurrentDictionary<string, int> Probes { get; } = new();

        internal HttpStatusCode ProbeAnswer { get; set; } = HttpStatusCode.OK;

        internal bool HangsWhenFailing { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = Send(request, cancellationToken);
            return HangsWhenFailing && !response.IsSuccessStatusCode
                ? new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken)
                : Task.FromResult(response);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isProbe = request.RequestUri!.AbsolutePath == "/health";
            if (isProbe)
            {
                Probes.AddOrUpdate(request.RequestUri.Host, 1, static (_, sent) => sent + 1);
            }

            return inner?.Send(request, cancellationToken)
                ?? new HttpResponseMessage(isProbe ? ProbeAnswer : HttpStatusCode.OK) { RequestMessage = request };
        }
    }

    private sealed class TokenHandler(string tenant) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Tenant", tenant);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
