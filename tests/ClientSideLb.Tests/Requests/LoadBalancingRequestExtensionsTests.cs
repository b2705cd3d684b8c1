using System.Net;

namespace ClientSideLb.Tests;

public sealed class LoadBalancingRequestExtensionsTests
{
    [Fact]
    public void The_value_that_was_set_last_counts()
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
    public void Hash_key_and_client_IP_are_not_sent()
    {
        using var request = new HttpRequestMessage();

        request.SetHashKey("secret");
        request.SetClientIp(IPAddress.Loopback);

        Assert.Empty(request.Headers);
    }

    [Fact]
    public void The_tried_endpoints_begin_with_the_first_endpoint()
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
    public void An_option_of_the_same_name_with_another_type_is_ignored()
    {
        using var request = new HttpRequestMessage();
        request.Options.Set(new HttpRequestOptionsKey<string>("ClientSideLb.Tried"), "http://10.0.0.1");

        Assert.Null(request.GetEndpoint());
        Assert.False(request.GetOrAddTriedEndpoints().Any);
    }

    [Fact]
    public void Arguments_that_are_null_are_refused()
    {
        using var request = new HttpRequestMessage();

        Assert.Throws<ArgumentNullException>("key", () => request.SetHashKey(null!));
        Assert.Throws<ArgumentNullException>("address", () => request.SetClientIp(null!));
        Assert.Throws<ArgumentNullException>("request", () => default(HttpRequestMessage)!.SetHashKey("key"));
        Assert.Throws<ArgumentNullException>("request", () => default(HttpRequestMessage)!.SetClientIp(IPAddress.Any));
        Assert.Throws<ArgumentNullException>("request", () => default(HttpRequestMessage)!.GetEndpoint());
    }
}
