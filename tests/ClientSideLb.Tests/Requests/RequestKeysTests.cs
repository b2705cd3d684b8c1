using System.Net;

namespace ClientSideLb.Tests;

public sealed class RequestKeysTests
{
    [Theory]
    [InlineData("header:X-User", "X-User: alice", "alice")]
    [InlineData("header:x-user", "X-User: alice", "alice")]
    [InlineData("header:X-User", "X-User: ", "")]
    [InlineData("header:Accept-Language", "Accept-Language: de", "de")]
    [InlineData("header:X-User", "X-Other: alice", null)]
    [InlineData("cookie:session", "Cookie: session=abc123", "abc123")]
    [InlineData("cookie:session", "Cookie: theme=dark; session=abc=123; lang=de", "abc=123")]
    [InlineData("cookie:session", "Cookie: xsession=1; session=2", "2")]
    [InlineData("cookie:session", "Cookie: sessions=1", null)]
    [InlineData("cookie:session", "Cookie: Session=1", null)]
    [InlineData("cookie:session", "X-Other: session=1", null)]
    public void A_key_in_a_header_or_cookie_is_read(string hashKey, string header, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/path?q=1");
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        Assert.True(request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim()));

        Assert.Equal(key ?? "/path?q=1", KeysOf(hashKey).GetHashKey(request));
    }

    [Theory]
    [InlineData("query:user", "http://orders/?user=alice", "alice")]
    [InlineData("query:user", "http://orders/?a=1&user=alice&b=2", "alice")]
    [InlineData("query:user", "http://orders/?user=alice&user=bob", "alice")]
    [InlineData("query:user", "http://orders/?user=a%20b%2Bc+d", "a b+c d")]
    [InlineData("query:user", "http://orders/?user=J%C3%BCrgen", "Jürgen")]
    [InlineData("query:user", "http://orders/?user=", "")]
    [InlineData("query:user id", "http://orders/?user%20id=7", "7")]
    [InlineData("query:user", "http://orders/?xuser=alice", null)]
    [InlineData("query:user", "http://orders/?username=alice", null)]
    [InlineData("query:user", "http://orders/?user", null)]
    [InlineData("query:user", "http://orders/", null)]
    [InlineData("path", "http://orders/a%2Fb/c?x=1", "/a%2Fb/c")]
    public void A_key_in_the_address_is_read(string hashKey, string address, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        Assert.Equal(key ?? new Uri(address).PathAndQuery, KeysOf(hashKey).GetHashKey(request));
    }

    [Fact]
    public void A_repeated_header_is_one_key()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.TryAddWithoutValidation("X-User", ["alice", "bob"]);

        Assert.Equal("alice, bob", KeysOf("header:X-User").GetHashKey(request));
    }

    [Fact]
    public void A_cookie_in_a_second_header_is_found()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.TryAddWithoutValidation("Cookie", ["a=1", "session=2"]);

        Assert.Equal("2", KeysOf("cookie:session").GetHashKey(request));
    }

    [Fact]
    public void The_client_IP_can_be_the_hash_key()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.SetClientIp(IPAddress.Parse("192.0.2.7"));

        Assert.Equal("192.0.2.7", KeysOf("client-ip").GetHashKey(request));
    }

    [Theory]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("2001:DB8:0::1", "2001:db8::1")]
    public void One_caller_has_one_key_however_the_socket_shows_the_address(string address, string key)
    {
        var client = IPAddress.Parse(address);
        using var set = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        set.SetClientIp(client);
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        forwarded.Headers.Add("X-Forwarded-For", address);
        using var served = new HttpRequestMessage(HttpMethod.Get, "http://orders/");

        Assert.Equal(key, KeysOf("client-ip").GetHashKey(set));
        Assert.Equal(key, KeysOf("client-ip").GetHashKey(forwarded));
        Assert.Equal(key, new RequestKeys(new LoadBalancingOptions { HashKey = "client-ip" }, new Serving(client)).GetHashKey(served));
        Assert.Equal(IPAddress.Parse(key), KeysOf("client-ip").GetClientIp(set));
    }

    [Fact]
    public void A_key_set_on_the_request_comes_first_then_the_selector_then_the_option_then_the_address()
    {
        string? selected = "selected";
        var keys = new RequestKeys(new LoadBalancingOptions { HashKey = "header:X-User", HashKeySelector = _ => selected }, ambient: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/a?b");
        request.SetHashKey("set");
        request.Headers.Add("X-User", "configured");
        Assert.Equal("set", keys.GetHashKey(request));

        using var without = new HttpRequestMessage(HttpMethod.Get, "http://orders/a?b");
        without.Headers.Add("X-User", "configured");
        Assert.Equal("selected", keys.GetHashKey(without));

        selected = null;
        Assert.Equal("configured", keys.GetHashKey(without));

        without.Headers.Remove("X-User");
        Assert.Equal("/a?b", keys.GetHashKey(without));
    }

    [Fact]
    public void A_client_IP_set_on_the_request_comes_before_one_in_its_headers()
    {
        var keys = new RequestKeys(new LoadBalancingOptions(), ambient: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add("X-Forwarded-For", "198.51.100.1");
        Assert.Equal(IPAddress.Parse("198.51.100.1"), keys.GetClientIp(request));

        request.SetClientIp(IPAddress.Parse("192.0.2.7"));
        Assert.Equal(IPAddress.Parse("192.0.2.7"), keys.GetClientIp(request));
    }

    [Fact]
    public void The_client_IP_is_this_machine_s_if_there_is_no_caller()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");

        Assert.Equal(OutboundAddress.Value, new RequestKeys(new LoadBalancingOptions(), ambient: null).GetClientIp(request));
    }

    [Theory]
    [InlineData(true, "10.9.9.1")]
    [InlineData(false, "10.9.9.2")]
    public void The_client_IP_of_the_request_comes_before_the_ambient_one_and_that_before_a_forwarded_one(bool isSet, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add("X-Forwarded-For", "10.9.9.3");
        if (isSet)
        {
            request.SetClientIp(IPAddress.Parse("10.9.9.1"));
        }

        var keys = new RequestKeys(new LoadBalancingOptions { HashKey = "client-ip" }, new Serving(IPAddress.Parse("10.9.9.2")));

        Assert.Equal(IPAddress.Parse(expected), keys.GetClientIp(request));
        Assert.Equal(expected, keys.GetHashKey(request));
    }

    [Fact]
    public void A_forwarded_client_IP_counts_if_there_is_no_ambient_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add("X-Forwarded-For", "10.9.9.3");

        Assert.Equal(IPAddress.Parse("10.9.9.3"), new RequestKeys(new LoadBalancingOptions(), new Serving(null)).GetClientIp(request));
    }

    private static RequestKeys KeysOf(string hashKey) => new(new LoadBalancingOptions { HashKey = hashKey }, ambient: null);

    private sealed record Serving(IPAddress? ClientIp) : IAmbientClientIp;
}
