namespace ClientSideLb.Tests;

public sealed class NoEndpointMessageTests
{
    [Fact]
    public void It_names_the_client_and_the_service() =>
        AssertSays(MessageOf(TestCluster.Create(), httpsOnly: false, discoveryFailure: null), "'client'", "'api'", "found none");

    [Fact]
    public void A_failure_of_discovery_is_the_reason_where_there_was_one() =>
        AssertSays(
            MessageOf(TestCluster.Create(), httpsOnly: false, new TimeoutException("DNS gave no answer")),
            "discovery failed", "DNS gave no answer");

    [Fact]
    public void Drained_endpoints_are_listed()
    {
        var cluster = TestCluster.Of("http://10.0.0.1/v1/", "http://10.0.0.2:81");
        cluster.TryDrain(new Uri("http://10.0.0.1/v1"));
        cluster.TryDrain(new Uri("http://10.0.0.2:81"));

        AssertSays(
            MessageOf(cluster, httpsOnly: false, discoveryFailure: null),
            "draining", "http://10.0.0.1:80/v1", "http://10.0.0.2:81", "TryResume");
    }

    [Fact]
    public void Where_https_is_asked_for_and_none_is_both_are_said() =>
        AssertSays(
            MessageOf(TestCluster.Of("http://10.0.0.1"), httpsOnly: true, discoveryFailure: null),
            "https only", "http://10.0.0.1:80", "https+http://");

    [Fact]
    public void Where_https_is_asked_for_only_the_drained_https_endpoints_are_listed()
    {
        var cluster = TestCluster.Of("http://10.0.0.1", "https://10.0.0.2");
        cluster.TryDrain(new Uri("https://10.0.0.2"));

        var message = MessageOf(cluster, httpsOnly: true, discoveryFailure: null);

        AssertSays(message, "draining", "https://10.0.0.2:443");
        Assert.DoesNotContain("10.0.0.1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exception_names_client_service_and_reason_as_properties_as_well()
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
            NoEndpointMessage.CreateException(cluster, httpsOnly, discoveryFailure).Reason;

        static (string, string) NamesOf(Cluster cluster)
        {
            var fault = NoEndpointMessage.CreateException(cluster, httpsOnly: false, discoveryFailure: null);
            return (fault.ClientName, fault.ServiceName);
        }
    }

    [Fact]
    public void A_strategy_that_picked_none_is_named() =>
        AssertSays(
            MessageOf(TestCluster.Of(new StubStrategy("Sulky", static _ => null), "http://10.0.0.1"), httpsOnly: false, discoveryFailure: null),
            "'Sulky'", "picked none of http://10.0.0.1:80");

    [Fact]
    public void Of_many_endpoints_a_few_are_listed_and_the_rest_counted()
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

    private static string MessageOf(Cluster cluster, bool httpsOnly, Exception? discoveryFailure) =>
        NoEndpointMessage.CreateException(cluster, httpsOnly, discoveryFailure).Message;

    private static void AssertSays(string message, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
}
