using System.Net;

namespace ClientSideLb.PublicApi.Tests.Results;

/// <summary>The promises that a strategy that learns can rely on.</summary>
public sealed class LearningTests
{
    private static readonly string[] TwoEndpoints = ["http://a", "http://b"];

    [Fact]
    public async Task State_of_an_endpoint_outlives_the_pickers()
    {
        using var client = new BalancedClient(new LeastUsedStrategy(), TwoEndpoints);
        client.Cluster.TryDrain(new Uri("http://b"));
        Assert.Equal(["a", "a", "a"], await client.SendAsync(3));

        client.Cluster.TryResume(new Uri("http://b"));

        // The picker that was made at the end of the drain knows the three requests before.
        Assert.Equal(["b", "b", "b"], await client.SendAsync(3));
    }

    [Fact]
    public async Task State_of_an_endpoint_is_shared_with_the_pickers_of_requests_that_need_https()
    {
        using var client = new BalancedClient(new LeastUsedStrategy(), ["http://a", "https://b"]);

        Assert.Equal(["b", "b", "b"], await client.SendAsync(3, "https://api/"));
        Assert.Equal(["a", "a", "a"], await client.SendAsync(3, "http://api/"));
    }

    [Fact]
    public void A_state_is_made_once_and_found_by_its_type()
    {
        var endpoint = new ClusterEndpoint(new Uri("http://a"));
        var first = endpoint.GetOrAddState(static _ => new Learnt());
        var other = endpoint.GetOrAddState(static _ => new LearntByAnother());

        Assert.Same(first, endpoint.GetOrAddState<Learnt>(static _ => throw new InvalidOperationException()));
        Assert.Same(other, endpoint.GetOrAddState<LearntByAnother>(static _ => throw new InvalidOperationException()));
    }

    [Fact]
    public void A_state_of_a_derived_type_is_not_the_state_of_that_type()
    {
        var endpoint = new ClusterEndpoint(new Uri("http://a"));
        var asBase = endpoint.GetOrAddState<Learnt>(static _ => new LearntInDetail());

        var asDerived = endpoint.GetOrAddState(static _ => new LearntInDetail());

        Assert.NotSame(asBase, asDerived);
        Assert.Same(asBase, endpoint.GetOrAddState<Learnt>(static _ => throw new InvalidOperationException()));
    }

    [Fact]
    public void Threads_that_ask_for_a_state_at_the_same_time_get_the_same_one()
    {
        for (var round = 0; round < 100; round++)
        {
            var endpoint = new ClusterEndpoint(new Uri("http://a"));
            var states = new Learnt[8];

            Parallel.For(0, states.Length, thread => states[thread] = endpoint.GetOrAddState(static _ => new Learnt()));

            Assert.Single(states.Distinct());
        }
    }

    [Fact]
    public async Task A_picker_that_fails_to_learn_fails_no_request()
    {
        var strategy = new RecordingStrategy { OnResult = static _ => throw new InvalidOperationException("It cannot learn.") };
        using var client = new BalancedClient(strategy, TwoEndpoints);

        await client.SendAsync(20);

        Assert.Equal(20, strategy.Results.Count);
    }

    [Fact]
    public async Task A_picker_that_fails_to_learn_of_a_failure_does_not_stop_the_request_from_moving()
    {
        var strategy = new RecordingStrategy { OnResult = static _ => throw new InvalidOperationException("It cannot learn.") };
        using var client = new BalancedClient(
            strategy,
            TwoEndpoints,
            static (request, _) => StubHandler.Answer(request.RequestUri!.Host == "a" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));

        Assert.Equal(["b"], await client.SendAsync(1));
    }

    [Fact]
    public async Task A_picker_learns_under_no_lock_of_the_library()
    {
        BalancedClient? created = null;
        var strategy = new RecordingStrategy
        {
            // Another thread changes the cluster while the picker learns. It would wait for ever if this thread held the cluster's lock.
            OnResult = _ => Assert.True(Task.Run(() => created!.DrainAndResume("http://b")).Wait(TimeSpan.FromSeconds(30))),
        };
        using var client = created = new BalancedClient(
            strategy,
            TwoEndpoints,
            static (_, _) => StubHandler.Answer(HttpStatusCode.ServiceUnavailable),
            static options => options.OutlierDetection.ConsecutiveFailures = 1);

        using var response = await client.Http.GetAsync("/").WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(2, strategy.Results.Count);
        Assert.Equal(EndpointHealth.Ejected, client["http://a"].Health);
    }

    [Fact]
    public async Task An_attempt_that_the_picker_did_not_choose_is_no_result()
    {
        var strategy = new RecordingStrategy();
        using var client = new BalancedClient(
            strategy,
            TwoEndpoints,
            static (request, _) => StubHandler.Answer(request.RequestUri!.Host == "a" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK),
            static options => options.OutlierDetection.ConsecutiveFailures = 1);
        await client.SendAsync(1);
        Assert.Equal(EndpointHealth.Ejected, client["http://a"].Health);
        strategy.Results.Clear();

        // The cluster itself sends a trial request to an ejected endpoint.
        client.Time.Advance(TimeSpan.FromMinutes(1));
        await client.SendAsync(1);

        Assert.Equal([("b", AttemptVerdict.Success)], strategy.Verdicts);
    }

    [Fact]
    public async Task A_picker_that_does_not_learn_costs_no_second_look_at_the_clock()
    {
        const int Requests = 500;
        var silent = await CountReadings(new Strategies.RoundRobinStrategy(), Requests);
        var learning = await CountReadings(new RecordingStrategy(), Requests);

        Assert.InRange(silent, Requests, 1.5 * Requests);
        Assert.InRange(learning, 2 * Requests, 2.5 * Requests);
    }

    private static async Task<double> CountReadings(ILoadBalancingStrategy strategy, int requests)
    {
        var time = new CountingTime();
        using var client = new BalancedClient(strategy, TwoEndpoints, time: time);

        // The first hundred attempts at each endpoint are measured in any case.
        await client.SendAsync(300);
        var before = time.Readings;
        await client.SendAsync(requests);
        return time.Readings - before;
    }

    private class Learnt;

    private sealed class LearntInDetail : Learnt;

    private sealed class LearntByAnother;
}
