using System.Net;

namespace ClientSideLb.Tests;

/// <summary>An endpoint that fails at once must not look idle. Twelve callers send one request after another, on virtual time and without ejections.</summary>
public sealed class FailingEndpointTests
{
    public static TheoryData<string> LoadAware { get; } = [LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.LeastConnections];

    [Theory]
    [MemberData(nameof(LoadAware))]
    public void An_endpoint_that_fails_at_once_gets_few_requests_and_is_still_tried(string strategy)
    {
        var traffic = new Traffic(strategy, endpoints: 3) { FailureRate = { [0] = 1 } };

        var first = traffic.Run(seconds: 1);
        var later = traffic.Run(seconds: 60);

        Assert.InRange(first[0], 1, first.Sum() / 20);
        Assert.InRange(later[0], 10, later.Sum() / 50);
    }

    [Theory]
    [MemberData(nameof(LoadAware))]
    public void An_endpoint_that_fails_now_and_then_gets_less_than_its_share_but_a_part_of_it(string strategy)
    {
        var traffic = new Traffic(strategy, endpoints: 3) { FailureRate = { [0] = 0.2 } };

        var counts = traffic.Run(seconds: 60);

        Assert.InRange(counts[0] / (double)counts.Sum(), 0.05, 0.25);
    }

    [Theory]
    [MemberData(nameof(LoadAware))]
    public void An_endpoint_that_recovers_has_its_share_again_within_15_seconds(string strategy)
    {
        var traffic = new Traffic(strategy, endpoints: 3) { FailureRate = { [0] = 1 } };
        traffic.Run(seconds: 30);

        traffic.FailureRate[0] = 0;
        traffic.Run(seconds: 15);
        var counts = traffic.Run(seconds: 10);

        Assert.InRange(counts[0] / (double)counts.Sum(), 0.3, 0.37);
    }

    [Theory]
    [MemberData(nameof(LoadAware))]
    public void Endpoints_that_all_fail_alike_share_alike(string strategy)
    {
        var traffic = new Traffic(strategy, endpoints: 3) { FailureRate = { [0] = 1, [1] = 1, [2] = 1 } };

        var counts = traffic.Run(seconds: 10);

        Assert.All(counts, count => Assert.InRange(count / (double)counts.Sum(), 0.28, 0.39));
    }

    [Theory]
    [MemberData(nameof(LoadAware))]
    public void An_endpoint_among_many_is_treated_like_one_of_few(string strategy)
    {
        var traffic = new Traffic(strategy, endpoints: 100, callers: 400) { FailureRate = { [0] = 1 } };

        var counts = traffic.Run(seconds: 5);

        Assert.InRange(counts[0], 1, counts.Sum() / 2000);
        Assert.All(counts.Skip(1), count => Assert.InRange(count, counts.Sum() / 140, counts.Sum() / 70));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, AttemptVerdict.Success, true)]
    [InlineData(HttpStatusCode.NotImplemented, AttemptVerdict.Success, true)]
    [InlineData(HttpStatusCode.TooManyRequests, AttemptVerdict.Success, true)]
    [InlineData(HttpStatusCode.BadGateway, AttemptVerdict.Failure, true)]
    [InlineData(null, AttemptVerdict.Failure, true)]
    [InlineData(null, AttemptVerdict.Refused, true)]
    [InlineData(null, AttemptVerdict.Abandoned, false)]
    [InlineData(null, AttemptVerdict.Neutral, false)]
    [InlineData(HttpStatusCode.OK, AttemptVerdict.Success, false)]
    [InlineData(HttpStatusCode.NotFound, AttemptVerdict.Success, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, AttemptVerdict.Neutral, false)]
    public void Server_errors_rejections_transport_errors_and_timeouts_count_as_load(HttpStatusCode? status, AttemptVerdict verdict, bool counts)
    {
        var lab = new ClusterLab(2);
        var lease = lab.SendTo(0);

        lab.Cluster.Observe(lease, Result(lease, status, verdict));
        lease.Release();

        Assert.Equal(counts, lab[0].Penalty > 1);
        Assert.Equal(1, lab[1].Penalty);
    }

    [Fact]
    public void An_endpoint_that_comes_back_after_its_ejection_has_no_penalty()
    {
        var lab = new ClusterLab(2);
        lab.Fail(0, times: 5);
        Assert.True(lab[0].Penalty > 1);

        lab.LetEjectionPass(0);
        lab.Succeed(0);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.Equal(1, lab[0].Penalty);
    }

    [Fact]
    public void An_endpoint_whose_probes_pass_again_has_no_penalty()
    {
        var lab = ClusterLab.Probed(2);
        lab.Probe(0, passes: false, times: 2);
        lab.Fail(0);

        lab.Probe(0, passes: true);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.Equal(1, lab[0].Penalty);
    }

    [Fact]
    public void An_endpoint_that_has_left_leaves_no_penalty_behind()
    {
        var lab = new ClusterLab(2);
        var left = lab[0];
        lab.Fail(0);

        lab.List([1]);

        Assert.Equal(1, left.Penalty);
        Assert.False(left.LoadPenalty.Count.IsAny);
    }

    private static AttemptResult Result(EndpointLease lease, HttpStatusCode? status, AttemptVerdict verdict) => new()
    {
        Endpoint = lease.Endpoint,
        Request = new HttpRequestMessage(),
        Response = status is { } code ? new HttpResponseMessage(code) : null,
        Verdict = verdict,
        IsFromPrimary = true,
    };

    private sealed class Traffic
    {
        private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);
        private static readonly TimeSpan FastFailure = TimeSpan.FromMilliseconds(0.2);

        private readonly ClusterLab _lab;
        private readonly SeededRandom _random = new(1);
        private readonly PriorityQueue<(EndpointLease Lease, bool Fails), DateTimeOffset> _underWay = new();
        private readonly int _endpoints;

        internal Traffic(string strategy, int endpoints, int callers = 12)
        {
            _endpoints = endpoints;
            ILoadBalancingStrategy made = strategy == LoadBalancingStrategies.LeastConnections ? new LeastConnectionsStrategy() : new PowerOfTwoChoicesStrategy();
            _lab = new ClusterLab(endpoints, static options => options.OutlierDetection.Enabled = false, made, _random);
            FailureRate = new double[endpoints];
            Callers = callers;
        }

        internal double[] FailureRate { get; }

        private int Callers { get; }

        /// <summary>Sends requests for some time, and counts those of each endpoint.</summary>
        internal int[] Run(double seconds)
        {
            var counts = new int[_endpoints];
            var end = _lab.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
            while (_underWay.Count < Callers)
            {
                Send(counts);
            }

            while (_underWay.TryPeek(out _, out var ends) && ends < end)
            {
                var (lease, fails) = _underWay.Dequeue();
                _lab.Time.SetUtcNow(ends > _lab.Time.GetUtcNow() ? ends : _lab.Time.GetUtcNow());
                _lab.Cluster.Observe(lease, Result(lease, fails ? HttpStatusCode.InternalServerError : HttpStatusCode.OK, AttemptVerdict.Success));
                lease.Release();
                Send(counts);
            }

            return counts;
        }

        private void Send(int[] counts)
        {
            var now = Timestamps.ToTimeSpan(_lab.Time.GetTimestamp(), _lab.Time);
            var lease = _lab.Cluster.Acquire(new PickContext(_random, now: now), TestCluster.AnyEndpoint)!;
            var index = Enumerable.Range(0, _endpoints).First(i => ReferenceEquals(_lab.Cluster.Endpoints[i], lease.Endpoint));
            counts[index]++;
            var fails = _random.NextDouble() < FailureRate[index];
            _underWay.Enqueue((lease, fails), _lab.Time.GetUtcNow() + (fails ? FastFailure : Work));
        }
    }
}
