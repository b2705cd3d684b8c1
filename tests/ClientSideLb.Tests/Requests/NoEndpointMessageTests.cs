namespace ClientSideLb.Tests;

public sealed class NoEndpointMessageTests
{
    private static readonly HttpRequestMessage Request = new();

    [Fact]
    public void The_message_names_the_client_and_the_service() =>
        AssertSays(MessageOf(TestCluster.Create(), httpsOnly: false, discoveryFailure: null), "'client'", "'api'", "found none");

    [Fact]
    public void The_message_gives_a_failure_of_discovery_as_the_reason() =>
        AssertSays(
            MessageOf(TestCluster.Create(), httpsOnly: false, new TimeoutException("DNS gave no answer")),
            "discovery failed", "DNS gave no answer");

    [Fact]
    public void The_message_lists_drained_endpoints()
    {
        var cluster = TestCluster.Of("http://10.0.0.1/v1/", "http://10.0.0.2:81");
        cluster.TryDrain(new Uri("http://10.0.0.1/v1"));
        cluster.TryDrain(new Uri("http://10.0.0.2:81"));

        AssertSays(
            MessageOf(cluster, httpsOnly: false, discoveryFailure: null),
            "draining", "http://10.0.0.1:80/v1", "http://10.0.0.2:81", "TryResume");
    }

    [Fact]
    public void The_message_says_that_the_request_is_for_https_only_and_that_no_endpoint_is() =>
        AssertSays(
            MessageOf(TestCluster.Of("http://10.0.0.1"), httpsOnly: true, discoveryFailure: null),
            "https only", "http://10.0.0.1:80", "https+http://");

    [Fact]
    public void The_message_lists_only_drained_https_endpoints_to_a_request_for_https_only()
    {
        var cluster = TestCluster.Of("http://10.0.0.1", "https://10.0.0.2");
        cluster.TryDrain(new Uri("https://10.0.0.2"));

        var message = MessageOf(cluster, httpsOnly: true, discoveryFailure: null);

        AssertSays(message, "draining", "https://10.0.0.2:443");
        Assert.DoesNotContain("10.0.0.1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exception_has_client_service_and_reason_as_properties()
    {
        var drained = TestCluster.Of("http://10.0.0.1");
        drained.TryDrain(new Uri("http://10.0.0.1"));

        Assert.Equal(("client", "api"), NamesOf(TestCluster.Create()));
        Assert.Equal(NoEndpointReason.NoneFound, ReasonOf(TestCluster.Create()));
        Assert.Equal(NoEndpointReason.NoneFound, ReasonOf(TestCluster.Of("http://10.0.0.1"), httpsOnly: true));
        Assert.Equal(NoEndpointReason.DiscoveryFailed, ReasonOf(TestCluster.Create(), discoveryFailure: new TimeoutException()));
        Assert.Equal(NoEndpointReason.AllDraining, ReasonOf(drained));
        Assert.Equal(NoEndpointReason.NonePicked, ReasonOf(TestCluster.Of(new StubStrategy("Sulky", static _ => null), "http://10.0.0.1")));

        static NoEndpointReason ReasonOf(Cluster cluster, bool httpsOnly = false, Exception? discoveryFailure = null) =>
            NoEndpointMessage.CreateException(Request, cluster, cluster.Snapshot, httpsOnly, discoveryFailure).Reason;

        static (string, string) NamesOf(Cluster cluster)
        {
            var fault = NoEndpointMessage.CreateException(Request, cluster, cluster.Snapshot, httpsOnly: false, discoveryFailure: null);
            return (fault.ClientName, fault.ServiceName);
        }
    }

    [Fact]
    public void The_exception_tells_of_the_state_in_which_the_request_found_no_endpoint_not_of_what_came_since()
    {
        var cluster = TestCluster.Create();
        var empty = cluster.Snapshot;

        cluster.List("http://10.0.0.1");

        Assert.Equal(NoEndpointReason.NoneFound, NoEndpointMessage.CreateException(Request, cluster, empty, httpsOnly: false, discoveryFailure: null).Reason);
    }

    [Fact]
    public void The_message_names_the_strategy_that_picked_none() =>
        AssertSays(
            MessageOf(TestCluster.Of(new StubStrategy("Sulky", static _ => null), "http://10.0.0.1"), httpsOnly: false, discoveryFailure: null),
            "'Sulky'", "picked none of http://10.0.0.1:80");

    [Fact]
    public void The_message_lists_five_endpoints_and_counts_the_rest()
    {
        var cluster = TestCluster.Of([.. Enumerable.Range(1, 12).Select(static i => $"http://10.0.0.{i}")]);
        foreach (var endpoint in cluster.Endpoints)
        {
            cluster.TryDrain(endpoint.Address);
        }

        var message = MessageOf(cluster, httpsOnly: false, discoveryFailure: null);

        AssertSays(message, "10.0.0.1:80", "10.0.0.5:80", "and 7 more");
        Assert.DoesNotContain("10.0.0.6", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_counts_no_rest_if_it_lists_all_endpoints()
    {
        for (var count = 1; count <= 5; count++)
        {
            var cluster = TestCluster.Of([.. Enumerable.Range(1, count).Select(static i => $"http://10.0.0.{i}")]);
            foreach (var endpoint in cluster.Endpoints)
            {
                cluster.TryDrain(endpoint.Address);
            }

            var message = MessageOf(cluster, httpsOnly: false, discoveryFailure: null);

            AssertSays(message, $"10.0.0.{count}:80");
            Assert.DoesNotContain(" more", message, StringComparison.Ordinal);
        }
    }

    private static string MessageOf(Cluster cluster, bool httpsOnly, Exception? discoveryFailure) =>
        NoEndpointMessage.CreateException(Request, cluster, cluster.Snapshot, httpsOnly, discoveryFailure).Message;

    private static void AssertSays(string message, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
}
