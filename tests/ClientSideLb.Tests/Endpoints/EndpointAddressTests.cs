namespace ClientSideLb.Tests;

public sealed class EndpointAddressTests
{
    [Theory]
    [InlineData("http://10.0.0.1", "http://10.0.0.1:80")]
    [InlineData("https://api.example/", "https://api.example:443")]
    [InlineData("HTTPS://API.Example:8443/V1/", "https://api.example:8443/V1")]
    [InlineData("ws://10.0.0.1:81/chat", "http://10.0.0.1:81/chat")]
    [InlineData("wss://10.0.0.1", "https://10.0.0.1:443")]
    [InlineData("http://[2001:db8::1]:5000/a/b/", "http://[2001:db8::1]:5000/a/b")]
    [InlineData("http://10.0.0.1/a%2Fb", "http://10.0.0.1:80/a%2Fb")]

    // The zone as sockets read it, whether it is written as RFC 6874 says or not.
    [InlineData("http://[fe80::1%25eth0]:8080", "http://[fe80::1%eth0]:8080")]
    [InlineData("https://[FE80:0::1%eth0]/v1/", "https://[fe80::1%eth0]:443/v1")]
    [InlineData("http://[fe80::1%252]", "http://[fe80::1%2]:80")]
    [InlineData("http://[fe80::1%2525]", "http://[fe80::1%25]:80")]
    [InlineData("http://[fe80::1%25br-lan.7]", "http://[fe80::1%br-lan.7]:80")]
    public void The_canonical_form_has_scheme_host_port_and_base_path(string address, string key) =>
        Assert.Equal(key, new EndpointAddress(new Uri(address)).Key);

    // Envoy and gRPC use the same names on their rings.
    [Theory]
    [InlineData("http://127.0.0.1:90", "127.0.0.1:90")]
    [InlineData("https://api.example", "api.example:443")]
    [InlineData("http://[::1]:90/", "[::1]:90")]
    [InlineData("http://127.0.0.1:90/blue/", "127.0.0.1:90/blue")]
    [InlineData("http://[fe80::1%25eth0]:90/blue/", "[fe80::1%eth0]:90/blue")]
    public void The_name_on_a_ring_is_host_and_port_and_base_path(string address, string name) =>
        Assert.Equal(name, new EndpointAddress(new Uri(address)).HashName);

    [Theory]
    [InlineData("http://10.0.0.1", false, true)]
    [InlineData("https://[::1]", true, true)]
    [InlineData("wss://api.example", true, false)]
    public void An_address_knows_whether_it_is_https_and_whether_it_is_an_ip_address(string address, bool https, bool ipAddress)
    {
        var endpoint = new EndpointAddress(new Uri(address));

        Assert.Equal(https, endpoint.IsHttps);
        Assert.Equal(ipAddress, endpoint.IsIpAddress);
    }

    [Theory]
    [InlineData("http://10.0.0.1")]
    [InlineData("https://api.example:8443/v1/")]
    [InlineData("ws://api.example")]
    [InlineData("wss://api.example")]
    public void An_endpoint_may_have_an_http_address_with_a_base_path(string address) =>
        Assert.Null(EndpointAddress.FindFault(new Uri(address)));

    [Theory]
    [InlineData("10.0.0.1", "'10.0.0.1'")]
    [InlineData("ftp://10.0.0.1", "scheme 'ftp'")]
    [InlineData("10.0.0.1:8080/x", "absolute")]
    [InlineData("api:8080", "scheme 'api'")]
    [InlineData("http://user:secret@10.0.0.1", "user information")]
    [InlineData("http://secret@10.0.0.1", "user information")]
    [InlineData("http://10.0.0.1/?token=secret", "a query or a fragment")]
    [InlineData("http://10.0.0.1/#secret", "a query or a fragment")]
    [InlineData("/v1?token=secret", "'/v1'")]
    [InlineData("10.0.0.1/v1?token=secret", "'10.0.0.1/v1'")]
    [InlineData("10.0.0.1/v1#secret", "'10.0.0.1/v1'")]
    [InlineData("?token=secret", "absolute")]
    public void A_fault_of_an_address_is_explained_without_its_secret(string address, string reason)
    {
        var why = EndpointAddress.FindFault(new Uri(address, UriKind.RelativeOrAbsolute));

        Assert.Contains(reason, why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_address_is_a_fault() =>
        Assert.Contains("missing", EndpointAddress.FindFault(null), StringComparison.Ordinal);
}
