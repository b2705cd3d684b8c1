using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>The last events of all clusters of a container.</summary>
public sealed class ClusterHistoryTests
{
    [Fact]
    public void Endpoints_that_come_and_go_are_an_event_with_its_source()
    {
        var (lab, history) = Create(2);
        lab.List(1, 2);
        lab.Cluster.Update(ClusterLab.Described(0), MembershipChange.FromOptions);

        Assert.Equal(
            [
                (ClusterEventKind.EndpointsChanged, "came: http://10.1.0.1:8080; went: http://10.1.0.2:8080, http://10.1.0.3:8080 (1 listed now)", "the options say so"),
                (ClusterEventKind.EndpointsChanged, "came: http://10.1.0.3:8080; went: http://10.1.0.1:8080 (2 listed now)", "service discovery says so"),
            ],
            Told(history));
    }

    [Fact]
    public void An_altered_weight_is_an_event()
    {
        var (lab, history) = Create(1);
        lab.Cluster.Update([ClusterLab.Described(0)[0] with { Weight = 5 }]);

        Assert.Equal([(ClusterEventKind.EndpointsAltered, "http://10.1.0.1:8080: weight from 1 to 5", "service discovery says so")], Told(history));
    }

    [Fact]
    public void An_ejection_and_the_return_say_why()
    {
        var (lab, history) = Create(3);
        lab.Refuse(0, times: 5);
        lab.LetEjectionPass(0);
        lab.End(Enumerable.Range(0, 20).Select(_ => lab.Acquire()!).First(lease => lease.Endpoint == lab[0]), AttemptVerdict.Success);

        Assert.Equal(
            [
                (ClusterEventKind.Returned, "http://10.1.0.1:8080 is back", "a request succeeded"),
                (ClusterEventKind.Ejected, "http://10.1.0.1:8080 ejected for 10 s", "5 requests in a row failed"),
            ],
            Told(history));
    }

    [Fact]
    public async Task An_endpoint_that_rejects_a_request_is_set_aside_and_comes_back()
    {
        var (lab, history) = Create(2, static options => options.Failover.MoveRejected = true);
        lab.Reject(lab.SendTo(0), TimeSpan.FromSeconds(90));
        lab.Advance(90);
        await Eventually.Equal(2, () => history.Read().Count);

        Assert.Equal(
            [
                (ClusterEventKind.Returned, "http://10.1.0.1:8080 is back", "the time that it asked for is over"),
                (ClusterEventKind.SetAside, "http://10.1.0.1:8080 set aside for 1.5 min", "it rejected a request (429) until it has room again"),
            ],
            Told(history));
    }

    [Fact]
    public void A_drain_by_hand_and_its_end_are_events()
    {
        var (lab, history) = Create(2);
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        lab.Cluster.TryResume(Backends.AddressOf(0));

        Assert.Equal(
            [
                (ClusterEventKind.Resumed, "http://10.1.0.1:8080 no longer drained", "it was resumed by hand"),
                (ClusterEventKind.Drained, "http://10.1.0.1:8080 drained", "it was drained by hand"),
            ],
            Told(history));
    }

    [Fact]
    public void Probes_that_fail_and_pass_again_are_events()
    {
        var lab = ClusterLab.Probed(2);
        var history = Subscribe(lab);
        lab.Probe(0, passes: true);
        lab.Probe(0, passes: false, times: 2);
        lab.Probe(0, passes: true);

        Assert.Equal(
            [
                (ClusterEventKind.Healthy, "http://10.1.0.1:8080 healthy", "its probes pass"),
                (ClusterEventKind.Unhealthy, "http://10.1.0.1:8080 unhealthy", "2 probes in a row failed: it answered 500"),
            ],
            Told(history));
    }

    [Fact]
    public void Panic_begins_and_ends_with_a_reason()
    {
        var (lab, history) = Create(2, static options => options.PanicThreshold = 0.9);
        lab.Refuse(0, times: 5);
        lab.Reload(static options => options.OutlierDetection.Enabled = false);

        Assert.Equal(
            [
                (ClusterEventKind.PanicEnded, "panic is over", "2 of 2 endpoints are available"),
                (ClusterEventKind.PanicBegan, "panic: all endpoints but the drained ones are used", "1 of 2 endpoints are available"),
                (ClusterEventKind.Ejected, "http://10.1.0.1:8080 ejected for 10 s", "5 requests in a row failed"),
            ],
            Told(history));
    }

    [Fact]
    public void A_level_that_spills_over_and_another_part_of_the_endpoints_are_events()
    {
        var (levels, history) = Create(0);
        levels.Cluster.Update([.. ClusterLab.Described(0, 1).Select(static (endpoint, index) => endpoint with { Priority = index })]);
        levels.Refuse(0, times: 5);
        var (subset, ofSubset) = Create(2, static options => options.Subset.Size = 1);
        var used = Assert.Single(subset.Cluster.Endpoints);
        for (var i = 0; i < 5; i++)
        {
            subset.End(EndpointLease.TryTake(used, subset.Time.GetTimestamp())!, AttemptVerdict.Refused);
        }

        Assert.Equal(
            (ClusterEventKind.LevelsChanged, "requests go to priority 1 (100 %)", "0 of 1 endpoints of priority 0 are available"), Told(history)[0]);
        Assert.Equal(
            (ClusterEventKind.SubsetChanged, "other endpoints are used, 2 of 2", "the listed endpoints, their health or the settings of the subset have changed"),
            Told(ofSubset)[0]);
    }

    [Fact]
    public void A_reload_of_options_is_an_event_of_the_client()
    {
        var configuration = new ReloadableConfiguration(("Endpoints:0:Address", "http://10.0.0.1"), ("Strategy", "Random"));
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration.Root);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").Dispose();

        configuration.Replace(("Endpoints:0:Address", "http://10.0.0.1"), ("Strategy", "RoundRobin"));

        var registry = provider.GetRequiredService<IClusterRegistry>();
        var told = registry.RecentEvents[0];
        Assert.Equal(("api", "api", ""), (told.ClientName, told.ShortClientName, told.ServiceName));
        Assert.Equal(
            (ClusterEventKind.OptionsChanged, "Strategy from 'Random' to 'RoundRobin'", "the configuration was reloaded"), (told.Kind, told.Description, told.Reason));
        Assert.Equal(
            (ClusterEventKind.EndpointsChanged, "came: http://10.0.0.1:80 (1 listed now)", "the options say so"),
            (registry.RecentEvents[1].Kind, registry.RecentEvents[1].Description, registry.RecentEvents[1].Reason));
    }

    [Fact]
    public async Task Service_discovery_that_fails_and_answers_again_is_one_event_each_without_the_text_of_the_exception()
    {
        var time = new FakeTimeProvider();
        var discovery = new StubDiscovery("api") { Fault = new InvalidOperationException("the password is secret") };
        discovery.Find("http://10.0.0.1");
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(static () => new StubBackend()).AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        var registry = provider.GetRequiredService<IClusterRegistry>();
        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync("/"));
        await Eventually.TrueAsTimePasses(time, TimeSpan.FromMilliseconds(500), () => discovery.Asked > 3, "discovery has failed several times");
        discovery.Fault = null;
        await Eventually.TrueAsTimePasses(
            time, TimeSpan.FromMilliseconds(500), () => registry.RecentEvents.Any(static one => one.Kind == ClusterEventKind.DiscoveryRecovered), "discovery answers");

        Assert.Equal(
            [
                (ClusterEventKind.DiscoveryRecovered, "service discovery answers again", "a query succeeded"),
                (ClusterEventKind.EndpointsChanged, "came: http://10.0.0.1:80 (1 listed now)", "service discovery says so"),
                (ClusterEventKind.DiscoveryFailed, "service discovery failed; the known endpoints stay in use", "it threw an exception (System.InvalidOperationException)"),
            ],
            registry.RecentEvents.Select(static one => (one.Kind, one.Description, one.Reason)));
    }

    [Fact]
    public void A_strategy_that_fails_is_an_event()
    {
        var strategy = new FailingStrategy();
        var lab = new ClusterLab(0, strategy: strategy);
        var history = Subscribe(lab);
        Assert.Throws<InvalidOperationException>(() => lab.List(2));
        lab.Cluster.TryDrain(Backends.AddressOf(0));

        Assert.Contains(
            (ClusterEventKind.StrategyFailed, $"the strategy '{strategy.Name}' made no picker; its last one stays in use", "it threw System.InvalidOperationException"),
            Told(history));
    }

    [Fact]
    public void Fifty_events_are_kept_the_latest_first_with_times_and_growing_numbers()
    {
        var (lab, history) = Create(1);
        for (var weight = 2; weight <= 102; weight++)
        {
            lab.Advance(1);
            lab.Cluster.Update([ClusterLab.Described(0)[0] with { Weight = weight }]);
        }

        var events = history.Read();
        Assert.Equal(50, events.Count);
        Assert.Equal(Enumerable.Range(52, 50).Reverse(), events.Select(static one => (int)one.Number));
        Assert.EndsWith("from 101 to 102", events[0].Description, StringComparison.Ordinal);
        Assert.Equal(lab.Time.GetUtcNow(), events[0].Time);
        Assert.Equal(TimeSpan.FromSeconds(49), events[0].Time - events[^1].Time);
    }

    [Fact]
    public async Task Clusters_of_the_same_name_both_have_their_events()
    {
        var discovery = new StubDiscovery("api");
        discovery.Find("http://10.0.0.1");
        var services = new ServiceCollection();
        services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(static () => new StubBackend()).AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        (await http.GetAsync("http://api/")).Dispose();
        (await http.GetAsync("http://api:81/")).Dispose();
        var registry = provider.GetRequiredService<IClusterRegistry>();

        foreach (var cluster in registry.Clusters)
        {
            cluster.TryDrain(new Uri("http://10.0.0.1"));
        }

        Assert.Equal(2, registry.Clusters.Count);
        var drained = registry.RecentEvents.Where(static one => one.Kind == ClusterEventKind.Drained).ToList();
        Assert.Equal([("api", "api"), ("api", "api")], drained.Select(static one => (one.ClientName, one.ServiceName)));
    }

    [Fact]
    public async Task After_the_container_is_disposed_nothing_is_added()
    {
        var time = new FakeTimeProvider();
        var discovery = new StubDiscovery("api");
        discovery.Find("http://10.0.0.1");
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(static () => new StubBackend()).AddLoadBalancing();
        var provider = services.BuildServiceProvider();
        (await provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync("/")).Dispose();
        var registry = provider.GetRequiredService<IClusterRegistry>();
        var token = Assert.Single(registry.Clusters).GetChangeToken();
        var asked = discovery.Asked;
        await provider.DisposeAsync();

        discovery.Find("http://10.0.0.2");
        discovery.Change();
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(asked, discovery.Asked);
        Assert.Equal([ClusterEventKind.EndpointsChanged], registry.RecentEvents.Select(static one => one.Kind));
        Assert.False(token.HasChanged);
    }

    private sealed class FailingStrategy : ILoadBalancingStrategy
    {
        public string Name => "Failing";

        public EndpointPicker CreatePicker(EndpointSet endpoints) => throw new InvalidOperationException("secret");
    }

    private static (ClusterLab Lab, ClusterHistory History) Create(int endpoints, Action<LoadBalancingOptions>? configure = null)
    {
        var lab = new ClusterLab(endpoints, configure);
        return (lab, Subscribe(lab));
    }

    private static ClusterHistory Subscribe(ClusterLab lab)
    {
        var history = new ClusterHistory(lab.Time);
        lab.Cluster.Subscribe(history);
        return history;
    }

    private static List<(ClusterEventKind Kind, string Description, string Reason)> Told(ClusterHistory history) =>
        [.. history.Read().Select(static one => (one.Kind, one.Description, one.Reason))];
}
