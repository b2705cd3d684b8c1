using System.Net;

namespace ClientSideLb.Tests;

public sealed class LoadBalancingRequestExtensionsTests
{
    [Fact]
    public void The_latest_value_set_counts()
    {
        using var request = new HttpRequestMessage();
        request.SetHashKey("one");
        request.SetHashKey("two");
        request.SetClientIp(IPAddress.Parse("192.0.2.1"));
        request.SetClientIp(IPAddress.Parse("192.0.2.2"));

        Assert.Equal("two", request.GetHashKey());
        Assert.Equal(IPAddress.Parse("192.0.2.2"), request.GetClientIp());
    }

    [Fact]
    public void What_is_set_is_not_sent()
    {
        using var request = new HttpRequestMessage();

        request.SetHashKey("secret");
        request.SetClientIp(IPAddress.Loopback);

        Assert.Empty(request.Headers);
    }

    [Fact]
    public void A_list_of_tried_endpoints_begins_with_the_endpoint_that_failed_before_there_was_a_list()
    {
        var first = new ClusterEndpoint(new Uri("http://10.0.0.1"));
        var second = new ClusterEndpoint(new Uri("http://10.0.0.2"));
        using var request = new HttpRequestMessage();
        Assert.Null(request.GetEndpoint());
        Assert.Null(request.FindTriedEndpoints());

        request.SetFirstEndpoint(first);
        Assert.Same(first, request.GetEndpoint());

        Assert.Null(request.FindTriedEndpoints());
        var tried = request.GetOrAddTriedEndpoints();
        Assert.True(tried.Contains(first));
        Assert.Same(first, request.GetEndpoint());

        request.GetOrAddTriedEndpoints().Add(second);
        Assert.True(tried.Contains(second));
        Assert.Same(second, request.GetEndpoint());
    }

    [Fact]
    public void What_somebody_else_has_put_in_the_place_of_the_tried_endpoints_is_no_endpoint()
    {
        using var request = new HttpRequestMessage();
        request.Options.Set(new HttpRequestOptionsKey<string>("ClientSideLb.Tried"), "http://10.0.0.1");

        Assert.Null(request.GetEndpoint());
        Assert.False(request.GetOrAddTriedEndpoints().Any);
    }

    [Fact]
    public void Null_is_refused()
    {
        using var request = new HttpRequestMessage();

        Assert.Throws<ArgumentNullException>("key", () => request.SetHashKey(null!));
        Assert.Throws<ArgumentNullException>("address", () => request.SetClientIp(null!));
        Assert.Throws<ArgumentNullException>("request", () => default(HttpRequestMessage)!.SetHashKey("key"));
        Assert.Throws<ArgumentNullException>("request", () => default(HttpRequestMessage)!.SetClientIp(IPAddress.Any));
        Assert.Throws<ArgumentNullException>("request", () => default(HttpRequestMessage)!.GetEndpoint());
    }
}
