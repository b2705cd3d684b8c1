using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>The balancer does not turn other schemes into http: the primary handler refuses them, as it does without the balancer.</summary>
public sealed class UnsupportedSchemeTests
{
    [Theory]
    [InlineData("ftp://x/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://x/a")]
    [InlineData("urn:a:b")]
    [InlineData("mailto:a@b")]
    [InlineData("http+unix://x/a")]
    [InlineData("ftp+http://x/a")]
    public async Task A_static_client_refuses_what_the_primary_handler_refuses(string address)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Of(backend);
        using var bare = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var second = new HttpRequestMessage(HttpMethod.Get, address);

        var expected = await Assert.ThrowsAsync<NotSupportedException>(() => bare.GetAsync(address));
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => client.Http.SendAsync(request));
        var refusedSynchronously = await Task.Run(() => Assert.Throws<NotSupportedException>(() => client.Http.Send(second)));

        Assert.Equal((expected.Message, expected.Message), (refused.Message, refusedSynchronously.Message));
        Assert.Equal(0, backend.Count);
        Assert.Equal((EndpointHealth.Unknown, 0), (client.Endpoints[0].Health, client.Endpoints[0].InFlight));
    }

    [Theory]
    [InlineData("ftp://x/a")]
    [InlineData("ftp+http://x/a")]
    public async Task A_hedging_client_refuses_other_schemes_as_a_bare_client_does(string address)
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = BalancedClient.Of(fleet, static options => options.Failover.HedgingDelay = TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<NotSupportedException>(() => client.Http.GetAsync(address));

        Assert.Equal([0, 0], fleet.Counts);
    }

    [Fact]
    public async Task A_client_of_discovered_services_refuses_other_schemes_as_a_bare_client_does()
    {
        await using var client = BalancedClient.Create(static builder => builder.AddLoadBalancing());

        await Assert.ThrowsAsync<NotSupportedException>(() => client.Http.GetAsync("ftp+http://127.0.0.1:1/a"));
    }

    [Theory]
    [InlineData("http://api/a")]
    [InlineData("HTTP://api/a")]
    [InlineData("https+http://api/a")]
    [InlineData("ws://api/a")]
    [InlineData("ws+http://api/a")]
    public async Task A_request_over_http_goes_to_the_endpoints_before_and_after(string address)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Of(backend);

        await client.GetAsync(1, address);
        await Assert.ThrowsAsync<NotSupportedException>(() => client.Http.GetAsync("ftp://x/a"));
        await client.GetAsync(1, address);

        Assert.Equal(2, backend.Count);
    }
}
