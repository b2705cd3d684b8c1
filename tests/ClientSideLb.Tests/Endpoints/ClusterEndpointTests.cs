namespace ClientSideLb.Tests;

public sealed class ClusterEndpointTests
{
    [Theory]
    [InlineData("ftp://10.0.0.1/")]
    [InlineData("http://user:secret@10.0.0.1/")]
    [InlineData("http://10.0.0.1/?x=1")]
    [InlineData("http://10.0.0.1/#top")]
    [InlineData("orders")]
    public void An_address_that_no_endpoint_can_have_is_refused(string address)
    {
        var fault = Assert.Throws<ArgumentException>(() => new ClusterEndpoint(new Uri(address, UriKind.RelativeOrAbsolute)));

        Assert.Equal("address", fault.ParamName);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_weight_out_of_range_is_refused(int weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(weight), () => new ClusterEndpoint(new Uri("http://10.0.0.1"), weight));

    [Fact]
    public void An_endpoint_of_weight_0_is_draining()
    {
        var endpoint = Backends.At("http://10.0.0.1", weight: 0);

        Assert.False(endpoint.IsAvailable);
        Assert.Equal(EndpointHealth.Draining, endpoint.Health);
    }

    [Fact]
    public void Health_is_unknown_until_the_first_answer_and_a_drain_outweighs_it()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        Assert.Equal(EndpointHealth.Unknown, endpoint.Health);

        endpoint.Record.HasAnswered = true;
        endpoint.SetState(endpoint.Record.CreateState(isAvailable: true));
        Assert.Equal(EndpointHealth.Healthy, endpoint.Health);

        endpoint.Record.DrainReason = "the test drained it";
        endpoint.SetState(endpoint.Record.CreateState(isAvailable: false));
        Assert.Equal((EndpointHealth.Draining, "the test drained it"), (endpoint.Health, endpoint.HealthReason));
    }

    [Fact]
    public void An_endpoint_reports_that_it_is_idle_at_once_or_after_its_last_request()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        var reports = 0;
        void Report(ClusterEndpoint idle) => reports++;
        endpoint.CallWhenIdle(Report);
        Assert.Equal(1, reports);

        endpoint.AddInFlight();
        endpoint.AddInFlight();
        endpoint.RemoveInFlight();
        Assert.Equal(1, reports);
        endpoint.RemoveInFlight();
        Assert.Equal(2, reports);

        endpoint.RemoveIdleCallback(Report);
        endpoint.AddInFlight();
        endpoint.RemoveInFlight();
        Assert.Equal(2, reports);
    }
}
