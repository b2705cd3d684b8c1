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
