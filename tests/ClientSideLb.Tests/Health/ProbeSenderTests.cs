namespace ClientSideLb.Tests;

public sealed class ProbeSenderTests
{
    [Fact]
    public void Clients_with_a_handler_that_the_application_keeps_have_the_same_sender()
    {
        using var handler = new StubBackend();
        var (one, other) = (SenderOf(new SharedPrimaryHandler(handler)), SenderOf(new SharedPrimaryHandler(handler)));

        Assert.Same(handler, one.Primary);
        Assert.Same(one.Primary, other.Primary);
    }

    [Theory]
    [InlineData("header")]
    [InlineData("version")]
    [InlineData("policy")]
    public void What_a_client_gives_each_request_is_part_of_its_probes(string difference)
    {
        using var handler = new StubBackend();
        using var http = new HttpClient(handler);
        switch (difference)
        {
            case "header":
                http.DefaultRequestHeaders.Add("Authorization", "Bearer a");
                break;
            case "version":
                http.DefaultRequestVersion = new Version(2, 0);
                break;
            default:
                http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
                break;
        }

        Assert.NotEqual(SenderOf(handler).Headers, new ProbeSender(http, handler).Headers);
    }

    [Theory]
    [InlineData("https://10.0.0.1/", HostHeaderMode.Auto, false)]
    [InlineData("http://10.0.0.1/", HostHeaderMode.Auto, true)]
    [InlineData("http://10.0.0.1/", HostHeaderMode.Service, false)]
    public void Services_share_a_probe_only_if_it_names_neither(string endpoint, HostHeaderMode mode, bool isSame)
    {
        using var handler = new StubBackend();
        var sender = SenderOf(handler);
        var settings = ClusterSettings.Of(new LoadBalancingOptions { HostHeader = mode }, new RoundRobinStrategy(), TimeProvider.System).Probes;

        var orders = sender.Identify(Backends.At(endpoint), new Uri("http://orders/"), settings, out _);
        var stock = sender.Identify(Backends.At(endpoint), new Uri("http://stock/"), settings, out _);

        Assert.Equal(isSame, orders == stock);
    }

    private static ProbeSender SenderOf(HttpMessageHandler handler) => new(new HttpClient(handler, disposeHandler: false), handler);
}
