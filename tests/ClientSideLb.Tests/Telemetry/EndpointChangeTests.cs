namespace ClientSideLb.Tests;

/// <summary>What the log says when a source lists other endpoints.</summary>
public sealed class EndpointChangeTests
{
    [Fact]
    public void The_line_names_those_that_came_and_those_that_went()
    {
        var lab = new ClusterLab(2);
        lab.List(1, 2);

        Assert.Equal(
            [
                "Client 'client', service 'api': endpoints listed now: 2. Came: http://10.1.0.1:8080, http://10.1.0.2:8080. Went: none.",
                "Client 'client', service 'api': endpoints listed now: 2. Came: http://10.1.0.3:8080. Went: http://10.1.0.1:8080.",
            ],
            lab.Logged(1));
    }

    [Fact]
    public void Ten_are_named_and_the_others_counted()
    {
        var lab = new ClusterLab(0);
        lab.List(10);
        lab.List([.. Enumerable.Range(20, 13)]);

        Assert.Equal(
            "Client 'client', service 'api': endpoints listed now: 10. Came: http://10.1.0.1:8080, http://10.1.0.2:8080, http://10.1.0.3:8080, http://10.1.0.4:8080, http://10.1.0.5:8080, http://10.1.0.6:8080, http://10.1.0.7:8080, http://10.1.0.8:8080, http://10.1.0.9:8080, http://10.1.0.10:8080. Went: none.",
            lab.Logged(1)[0]);
        Assert.Contains("http://10.1.0.30:8080 and 3 more. Went: http://10.1.0.1:8080,", lab.Logged(1)[1], StringComparison.Ordinal);
        Assert.EndsWith("http://10.1.0.10:8080.", lab.Logged(1)[1], StringComparison.Ordinal);
        Assert.DoesNotContain("http://10.1.0.31:8080", lab.Logged(1)[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_comes_back_while_it_finishes_its_requests_has_come()
    {
        var lab = new ClusterLab(2);
        var open = lab.SendTo(1);
        lab.List(1);
        lab.List(2);
        lab.End(open, AttemptVerdict.Success);

        Assert.EndsWith("Came: http://10.1.0.2:8080. Went: none.", lab.Logged(1)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_changed_are_named_from_and_to_up_to_ten()
    {
        var lab = new ClusterLab(12);

        lab.Cluster.Update([.. ClusterLab.Described([.. Enumerable.Range(0, 12)]).Select(static (endpoint, index) => endpoint with { Weight = index < 11 ? 3 : 1 })]);

        var line = Assert.Single(lab.Logged(43));
        Assert.StartsWith("Client 'client', service 'api': endpoints have changed: http://10.1.0.1:8080: weight from 1 to 3; http://10.1.0.2:8080: weight from 1 to 3; ", line, StringComparison.Ordinal);
        Assert.EndsWith("http://10.1.0.10:8080: weight from 1 to 3 and 1 more.", line, StringComparison.Ordinal);
        Assert.Single(lab.Logged(1));
    }

    [Fact]
    public void What_else_the_source_says_of_an_endpoint_is_told_and_its_health_has_lines_of_its_own()
    {
        var lab = new ClusterLab(1);
        var before = ClusterLab.Described(0)[0];

        lab.Cluster.Update([before with { Zone = "a", Priority = 2, HostName = "api" }]);
        lab.Cluster.Update([before with { Zone = "a", Priority = 2, HostName = "api", Report = HealthReport.Draining }]);
        lab.Cluster.Update([before with { Zone = "a", Priority = 2, HostName = "api" }]);
        lab.Cluster.Update([before with { Zone = "a", Priority = 2, HostName = "api", Report = HealthReport.Unhealthy }]);

        Assert.Equal(
            [
                "http://10.1.0.1:8080: priority from 0 to 2, zone from none to a, host name from none to api.",
                "http://10.1.0.1:8080: service discovery drains it.",
                "http://10.1.0.1:8080: service discovery no longer drains it.",
            ],
            lab.Logged(43).Select(static line => line["Client 'client', service 'api': endpoints have changed: ".Length..]));
        Assert.Single(lab.Logged(12));
    }
}
