namespace ClientSideLb.Tests;

public sealed class HostHeaderRulesTests
{
    [Theory]

    // By default, the host is the endpoint's own name, which is in its address.
    [InlineData(HostHeaderMode.Auto, "http://10.0.0.1", null, "http://orders", null)]
    [InlineData(HostHeaderMode.Auto, "http://pod-1.internal", null, "http://orders", null)]
    [InlineData(HostHeaderMode.Auto, "https://pod-1.internal", null, "https://orders", null)]

    // An https endpoint that is an IP address has no name to check the certificate for.
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1", null, "https://orders", "orders")]
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1:5001", null, "https+http://orders", "orders")]
    [InlineData(HostHeaderMode.Auto, "https://[2001:db8::1]", null, "https://orders:8443", "orders:8443")]
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1:5001", null, "https+http://orders:443", "orders")]
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1:5001", null, "https+http://orders:80", "orders:80")]
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1", null, "wss://orders", "orders")]
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1", null, "https://_grpc.orders.example", "orders.example")]

    // A name that discovery gives the endpoint is its own name.
    [InlineData(HostHeaderMode.Auto, "https://10.0.0.1", "pod-1.internal", "https://orders", "pod-1.internal")]
    [InlineData(HostHeaderMode.Endpoint, "http://10.0.0.1", "pod-1.internal", "http://orders", "pod-1.internal")]

    // The option can set either name.
    [InlineData(HostHeaderMode.Endpoint, "https://10.0.0.1", null, "https://orders", null)]
    [InlineData(HostHeaderMode.Service, "http://10.0.0.1:5000", null, "http://orders", "orders")]
    [InlineData(HostHeaderMode.Service, "http://10.0.0.1:5000", "pod-1.internal", "http://orders:8080", "orders:8080")]
    [InlineData(HostHeaderMode.Service, "http://10.0.0.1:5000", null, "http://orders:80", "orders")]
    [InlineData(HostHeaderMode.Service, "http://pod-1.internal", null, "https+http://orders", "orders")]
    [InlineData(HostHeaderMode.Service, "http://pod-1.internal", null, "https+http://_api.orders:81", "orders:81")]
    [InlineData(HostHeaderMode.Service, "http://pod-1.internal", null, "http://[::1]:81", "[::1]:81")]

    // RFC 6874, section 4: the zone has a meaning on this machine only, and is not sent.
    [InlineData(HostHeaderMode.Service, "http://pod-1.internal", null, "http://[fe80::1%25eth0]:81", "[fe80::1]:81")]
    public void The_host_header_follows_the_mode_the_endpoint_and_the_logical_address(HostHeaderMode mode, string endpoint, string? hostName, string logical, string? host)
    {
        var of = new ClusterEndpoint(Backends.Described(endpoint) with { HostName = hostName }, InFlightPlace.CreateStandalone());

        Assert.Equal(host, HostHeaderRules.GetName(of, new Uri(logical), mode));
    }
}
