using System.Net;
using ClientSideLb.PublicApi.Tests.Strategies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

public sealed class PeakEwmaStrategyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_client_asks_for_it_by_its_name()
    {
        var services = new ServiceCollection();
        services.AddLoadBalancingStrategy<PeakEwmaStrategy>();
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = "MyPeakEwma");
        using var provider = services.BuildServiceProvider();

        // A name that no strategy has is refused here.
        Assert.NotNull(provider.GetRequiredService<IHttpClientFactory>().CreateClient("api"));
    }

    [Fact]
    public void The_faster_of_two_endpoints_is_picked()
    {
        var fast = new ClusterEndpoint(new Uri("http://10.0.0.1"));
        var slow = new ClusterEndpoint(new Uri("http://10.0.0.2"));
        var picker = new PeakEwmaStrategy().CreatePicker(new EndpointSet([fast, slow], [fast, slow], new Random(1)));

        picker.OnAttemptEnded(Answer(fast, TimeSpan.FromMilliseconds(10)));
        picker.OnAttemptEnded(Answer(slow, TimeSpan.FromMilliseconds(50)));

        Assert.Same(fast, picker.Pick(new PickContext(new Random(2))));
    }

    [Fact]
    public void A_fast_endpoint_with_many_requests_in_flight_loses_to_a_slower_one()
    {
        var busy = new ClusterEndpoint(new Uri("http://10.0.0.1"), inFlight: 9);
        var idle = new ClusterEndpoint(new Uri("http://10.0.0.2"));
        var picker = new PeakEwmaStrategy().CreatePicker(new EndpointSet([busy, idle], [busy, idle], new Random(1)));

        picker.OnAttemptEnded(Answer(busy, TimeSpan.FromMilliseconds(10)));
        picker.OnAttemptEnded(Answer(idle, TimeSpan.FromMilliseconds(50)));

        Assert.Same(idle, picker.Pick(new PickContext(new Random(2))));
    }

    [Fact]
    public void An_endpoint_of_ten_times_the_weight_may_be_slower()
    {
        var heavy = new ClusterEndpoint(new Uri("http://10.0.0.1"), weight: 10);
        var light = new ClusterEndpoint(new Uri("http://10.0.0.2"));
        var picker = new PeakEwmaStrategy().CreatePicker(new EndpointSet([heavy, light], [heavy, light], new Random(1)));

        picker.OnAttemptEnded(Answer(heavy, TimeSpan.FromMilliseconds(50)));
        picker.OnAttemptEnded(Answer(light, TimeSpan.FromMilliseconds(10)));

        Assert.Same(heavy, picker.Pick(new PickContext(new Random(2))));
    }

    [Theory]
    [InlineData(AttemptVerdict.Success, HttpStatusCode.InternalServerError)]
    [InlineData(AttemptVerdict.Success, HttpStatusCode.TooManyRequests)]
    [InlineData(AttemptVerdict.Failure, HttpStatusCode.ServiceUnavailable)]
    [InlineData(AttemptVerdict.Failure, null)]
    [InlineData(AttemptVerdict.Refused, null)]
    public void A_fast_failure_does_not_look_fast(AttemptVerdict verdict, HttpStatusCode? status)
    {
        ClusterEndpoint[] endpoints = Endpoints.Equal(2);
        var picker = new PeakEwmaStrategy().CreatePicker(Endpoints.SetOf(endpoints));
        picker.OnAttemptEnded(Answer(endpoints[1], TimeSpan.FromMilliseconds(50)));

        picker.OnAttemptEnded(Answer(endpoints[0], TimeSpan.FromMilliseconds(1)) with
        {
            Verdict = verdict,
            Response = status is { } code ? new HttpResponseMessage(code) : null,
            Exception = status is null ? new HttpRequestException() : null,
        });

        Assert.Equal([0, 100], Endpoints.CountPicks(picker, endpoints, picks: 100));
    }

    [Fact]
    public void A_request_that_its_caller_cancelled_after_a_long_wait_makes_an_endpoint_look_slow()
    {
        ClusterEndpoint[] endpoints = Endpoints.Equal(2);
        var picker = new PeakEwmaStrategy().CreatePicker(Endpoints.SetOf(endpoints));
        picker.OnAttemptEnded(Answer(endpoints[0], TimeSpan.FromMilliseconds(10)));
        picker.OnAttemptEnded(Answer(endpoints[1], TimeSpan.FromMilliseconds(50)));

        picker.OnAttemptEnded(Answer(endpoints[0], TimeSpan.FromSeconds(1)) with { Verdict = AttemptVerdict.Abandoned, Response = null });

        Assert.Equal([0, 100], Endpoints.CountPicks(picker, endpoints, picks: 100));
    }

    [Theory]
    [InlineData(AttemptVerdict.Abandoned)]
    [InlineData(AttemptVerdict.Neutral)]
    public void An_attempt_that_ended_early_without_an_answer_does_not_make_an_endpoint_look_fast(AttemptVerdict verdict)
    {
        ClusterEndpoint[] endpoints = Endpoints.Equal(2);
        var picker = new PeakEwmaStrategy().CreatePicker(Endpoints.SetOf(endpoints));
        picker.OnAttemptEnded(Answer(endpoints[0], TimeSpan.FromMilliseconds(50)));
        picker.OnAttemptEnded(Answer(endpoints[1], TimeSpan.FromMilliseconds(10)));

        picker.OnAttemptEnded(Answer(endpoints[0], TimeSpan.FromMilliseconds(1)) with { Verdict = verdict, Response = null });

        Assert.Equal([0, 100], Endpoints.CountPicks(picker, endpoints, picks: 100));
    }

    [Fact]
    public void A_picker_knows_what_the_one_before_it_has_learnt()
    {
        ClusterEndpoint[] endpoints = Endpoints.Equal(3);
        var before = new PeakEwmaStrategy().CreatePicker(Endpoints.SetOf(endpoints));
        before.OnAttemptEnded(Answer(endpoints[0], TimeSpan.FromSeconds(1)));

        ClusterEndpoint[] available = endpoints[..2];
        var after = new PeakEwmaStrategy().CreatePicker(Endpoints.SetOf(endpoints, available, before));

        Assert.Equal([0, 100], Endpoints.CountPicks(after, available, picks: 100));
    }

    [Theory]
    [InlineData("MyPeakEwma")]
    [InlineData(LoadBalancingStrategies.PeakEwma)]
    public async Task A_slow_and_a_failing_backend_get_a_small_part_of_the_requests(string strategy)
    {
        var backends = new VirtualBackends(_time);
        using var client = CreateClient(backends, strategy);
        backends.Set("slow", milliseconds: 200);
        backends.Set("failing", milliseconds: 1, HttpStatusCode.InternalServerError);

        await backends.RunAsync(client.Http, requests: 2_000, concurrency: 12);

        // The fair share of each is a tenth. One request in 45 draws both of them, and must go to one of them.
        Assert.InRange(backends.ShareOf("slow"), 0, 0.05);
        Assert.InRange(backends.ShareOf("failing"), 0, 0.05);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task One_backend_of_three_that_fails_at_once_gets_less_than_a_twentieth_of_the_requests(HttpStatusCode status)
    {
        var backends = new VirtualBackends(_time);
        backends.Set("failing", milliseconds: 1, status);
        backends.Set("good1", milliseconds: 20);
        backends.Set("good2", milliseconds: 20);
        using var client = new BalancedClient(
            static _ => { }, LoadBalancingStrategies.PeakEwma, ["http://failing", "http://good1", "http://good2"], backends.SendAsync, time: _time);

        await backends.RunAsync(client.Http, requests: 600, concurrency: 12);

        // At the start, three at once go there before the first of them fails.
        Assert.InRange(backends.ShareOf("failing"), 0.001, 0.05);
    }

    [Theory]
    [InlineData("MyPeakEwma")]
    [InlineData(LoadBalancingStrategies.PeakEwma)]
    public async Task A_backend_that_has_recovered_gets_its_share_again(string strategy)
    {
        var backends = new VirtualBackends(_time);
        using var client = CreateClient(backends, strategy);
        backends.Set("slow", milliseconds: 200);
        backends.Set("failing", milliseconds: 1, HttpStatusCode.InternalServerError);
        await backends.RunAsync(client.Http, requests: 1_000, concurrency: 12);

        backends.Set("slow", milliseconds: 20);
        backends.Set("failing", milliseconds: 20);
        _time.Advance(TimeSpan.FromMinutes(2));
        await backends.RunAsync(client.Http, requests: 2_000, concurrency: 12);

        Assert.InRange(backends.ShareOf("slow"), 0.06, 0.14);
        Assert.InRange(backends.ShareOf("failing"), 0.06, 0.14);
    }

    private static AttemptResult Answer(ClusterEndpoint endpoint, TimeSpan duration) => new()
    {
        Endpoint = endpoint,
        Request = new HttpRequestMessage(),
        Response = new HttpResponseMessage(),
        Verdict = AttemptVerdict.Success,
        Duration = duration,
    };

    private BalancedClient CreateClient(VirtualBackends backends, string strategy)
    {
        string[] good = [.. Enumerable.Range(1, 8).Select(static number => $"good{number}")];
        foreach (var host in good)
        {
            backends.Set(host, milliseconds: 20);
        }

        return new BalancedClient(
            static services => services.AddLoadBalancingStrategy<PeakEwmaStrategy>(),
            strategy,
            [.. good.Append("slow").Append("failing").Select(static host => $"http://{host}")],
            backends.SendAsync,
            static options => options.Failover.Enabled = false,
            _time);
    }
}
