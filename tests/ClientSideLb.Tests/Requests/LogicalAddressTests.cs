namespace ClientSideLb.Tests;

public sealed class LogicalAddressTests
{
    [Theory]
    [InlineData("http://orders/a?b", "http://orders")]
    [InlineData("http://Orders:80/", "http://orders")]
    [InlineData("https://orders:8443/", "https://orders:8443")]
    [InlineData("https+http://orders/a", "https+http://orders")]
    [InlineData("https+http://_grpc.orders:81/", "https+http://_grpc.orders:81")]
    [InlineData("ws://orders/chat", "http://orders")]
    [InlineData("wss://orders:8443/chat", "https://orders:8443")]
    [InlineData("wss+ws://orders/chat", "https+http://orders")]
    [InlineData("http://[fe80::1%25eth0]:8080/a", "http://[fe80::1%eth0]:8080")]
    public void Service_discovery_is_asked_by_scheme_host_and_port(string address, string query) =>
        Assert.Equal(query, LogicalAddress.Of(new Uri(address)).ToString());

    [Theory]
    [InlineData("http://orders/a", "http://orders:80/b?c", true)]
    [InlineData("ws://orders/", "http://orders/", true)]
    [InlineData("http://orders", "http://ORDERS", true)]
    [InlineData("http://orders", "https://orders", false)]
    [InlineData("http://orders", "http://orders:81", false)]
    [InlineData("http://[fe80::1%25eth0]", "http://[fe80::1%25eth1]", false)]
    [InlineData("http://[fe80::1%25eth0]", "http://[fe80::1%eth0]", true)]
    public void Addresses_of_one_service_are_equal(string one, string other, bool equal) =>
        Assert.Equal(equal, LogicalAddress.Of(new Uri(one)) == LogicalAddress.Of(new Uri(other)));

    [Theory]
    [InlineData("https", true)]
    [InlineData("wss", true)]
    [InlineData("https+wss", true)]
    [InlineData("http", false)]
    [InlineData("ws", false)]
    [InlineData("https+http", false)]
    [InlineData("http+https", false)]
    [InlineData("wss+ws", false)]
    public void A_request_is_for_https_only_if_all_its_schemes_are_secure(string scheme, bool httpsOnly) =>
        Assert.Equal(httpsOnly, LogicalAddress.IsHttpsOnly(scheme));

    [Theory]
    [InlineData("http", true)]
    [InlineData("https", true)]
    [InlineData("ws", true)]
    [InlineData("wss", true)]
    [InlineData("https+http", true)]
    [InlineData("http+https", true)]
    [InlineData("ftp", false)]
    [InlineData("file", false)]
    [InlineData("https+ftp", false)]
    public void Http_and_web_sockets_can_be_balanced(string scheme, bool isHttp) =>
        Assert.Equal(isHttp, LogicalAddress.IsHttp(scheme));
}
