using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class AttemptTests
{
    private static readonly ClientSettings Settings =
        ClientSettings.Of(new LoadBalancingOptions(), new StrategyCatalog([new PowerOfTwoChoicesStrategy()]), TimeProvider.System);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Attempts_of_one_request_go_to_each_untried_endpoint_before_a_second_round()
    {
        var cluster = TestCluster.Of("http://10.0.0.1", "http://10.0.0.2", "http://10.0.0.3");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");
        var went = new List<ClusterEndpoint?>();

        for (var i = 0; i < 6; i++)
        {
            var attempt = Begin(request, cluster);
            went.Add(request.GetEndpoint());
            Assert.Equal(went[^1]!.Address.Host, request.RequestUri!.Host);
            attempt.End(response: null, new TaskCanceledException(), isFromPrimary: true);
        }

        Assert.Equal(3, went.Take(3).Distinct().Count());
        Assert.Equal(3, went.Skip(3).Distinct().Count());
        Assert.Equal(new Uri("http://api/a"), request.RequestUri);
        Assert.All(cluster.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    [Fact]
    public void An_answer_without_a_body_ends_the_attempt_and_counts_for_health_and_latency()
    {
        var cluster = Create();
        cluster.List("http://10.0.0.1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");
        var attempt = Begin(request, cluster);
        _time.Advance(TimeSpan.FromMilliseconds(25));

        using var response = attempt.End(new HttpResponseMessage(HttpStatusCode.NoContent), failure: null, isFromPrimary: false).Response!;

        var endpoint = cluster.Endpoints[0];
        Assert.Equal((0, EndpointHealth.Healthy, TimeSpan.FromMilliseconds(25)), (endpoint.InFlight, endpoint.Health, endpoint.Latency));
        Assert.Equal(new Uri("http://api/a"), request.RequestUri);
        Assert.Same(endpoint, request.GetEndpoint());
    }

    [Fact]
    public void A_server_error_gives_no_latency()
    {
        var cluster = TestCluster.Of("http://10.0.0.1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");

        using var response = Begin(request, cluster).End(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), failure: null, isFromPrimary: false).Response!;

        Assert.Null(cluster.Endpoints[0].Latency);
    }

    [Fact]
    public void A_plain_500_shows_that_the_endpoint_works_but_gives_no_latency()
    {
        var cluster = TestCluster.Of("http://10.0.0.1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");

        using var response = Begin(request, cluster).End(new HttpResponseMessage(HttpStatusCode.InternalServerError), failure: null, isFromPrimary: false).Response!;

        Assert.Equal((EndpointHealth.Healthy, (TimeSpan?)null), (cluster.Endpoints[0].Health, cluster.Endpoints[0].Latency));
    }

    [Fact]
    public void A_request_that_finds_no_endpoint_stays_as_it_was_and_its_fault_says_why()
    {
        var cause = new TimeoutException("DNS gave no answer");
        var address = new Uri("http://api/a");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        var fault = Assert.Throws<NoEndpointAvailableException>(
            () => Attempt.TryBegin(request, RouteTo(TestCluster.Create(), cause), CancellationToken.None, out _));

        Assert.Contains("DNS gave no answer", fault.Message, StringComparison.Ordinal);
        Assert.Same(cause, fault.InnerException);
        Assert.Equal(HttpRequestError.ConnectionError, fault.HttpRequestError);
        Assert.Same(address, request.RequestUri);
    }

    [Fact]
    public void An_endpoint_drained_after_it_was_tried_is_not_tried_in_the_next_round()
    {
        var cluster = TestCluster.Of("http://10.0.0.1", "http://10.0.0.2");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");
        Begin(request, cluster).End(response: null, new TaskCanceledException(), isFromPrimary: true);
        Begin(request, cluster).End(response: null, new TaskCanceledException(), isFromPrimary: true);
        cluster.TryDrain(new Uri("http://10.0.0.1"));

        Begin(request, cluster).End(response: null, new TaskCanceledException(), isFromPrimary: true);
        Assert.Equal("10.0.0.2", request.GetEndpoint()!.Address.Host);
        Begin(request, cluster).End(response: null, new TaskCanceledException(), isFromPrimary: true);
        Assert.Equal("10.0.0.2", request.GetEndpoint()!.Address.Host);
    }

    [Fact]
    public void A_request_for_https_only_never_begins_at_an_http_endpoint()
    {
        var cluster = TestCluster.Of("http://10.0.0.1", "https://10.0.0.2");
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api/a");

        for (var i = 0; i < 4; i++)
        {
            Begin(request, cluster).End(response: null, new TaskCanceledException(), isFromPrimary: true);
            Assert.Equal("https", request.GetEndpoint()!.Address.Scheme);
        }
    }

    [Fact]
    public void A_request_that_was_not_balanced_has_no_endpoint()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");

        Assert.True(Attempt.TryBegin(request, RouteTo(cluster: null), CancellationToken.None, out var attempt));
        using var response = attempt.End(new HttpResponseMessage(), failure: null, isFromPrimary: false).Response!;

        Assert.Null(request.GetEndpoint());
    }

    private static Attempt Begin(HttpRequestMessage request, Cluster cluster)
    {
        Assert.True(Attempt.TryBegin(request, RouteTo(cluster), CancellationToken.None, out var attempt));
        return attempt;
    }

    private static Route RouteTo(Cluster? cluster, Exception? discoveryFailure = null) =>
        new(cluster, Settings, () => discoveryFailure, TimeProvider.System, new KnownHosts(), TestCluster.Telemetry, new RewriteCache(new RewriteTable()));

    private Cluster Create() => new("client", "api", Settings.Cluster, _time, new SeededRandom(1), listeners: []);
}
