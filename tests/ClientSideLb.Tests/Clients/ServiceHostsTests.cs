namespace ClientSideLb.Tests;

public sealed class ServiceHostsTests : IDisposable
{
    private readonly KnownHosts _answered = new();
    private readonly Cluster _cluster = TestCluster.Create();
    private int _created;

    public void Dispose() => _cluster.Dispose();

    [Theory]
    [InlineData("orders", "http://orders/a")]
    [InlineData("orders", "https://ORDERS:8443/a")]
    [InlineData("orders", "https+http://orders/a")]
    [InlineData("orders", "ws://orders./a")]
    [InlineData("orders", "http://_grpc.orders/a")]
    [InlineData("Orders<Invoice>", "http://orders-invoice/a")]
    public void The_clients_own_name_is_the_service_on_any_port(string name, string address) => Assert.True(Contains(Create(name), address));

    [Theory]
    [InlineData("http://shop.example/", "https://shop.example/a", true)]
    [InlineData("http://shop.example/", "http://Shop.Example.:80/a", true)]
    [InlineData("http://shop.example/", "wss://shop.example:443/a", true)]
    [InlineData("https+http://shop.example/", "http://shop.example/a", true)]
    [InlineData("http://shop.example:8080/v1/", "ws://shop.example:8080/a", true)]
    [InlineData("http://bücher.example/", "http://xn--bcher-kva.example/a", true)]
    [InlineData("http://xn--bcher-kva.example/", "http://BÜCHER.example/a", true)]
    [InlineData("http://[::1]:8080/", "http://[0:0::1]:8080/a", true)]
    [InlineData("http://localhost:5000/", "http://localhost:7000/token", false)]
    [InlineData("http://shop.example/", "http://shop.example:8080/a", false)]
    [InlineData("http://shop.example/", "http://shop.example.org/a", false)]
    [InlineData("http://shop.example/", "http://login.shop.example/a", false)]
    [InlineData("http://shop.example/", "http://shop.example@login.example/a", false)]
    public void The_base_address_names_the_service_by_host_and_port(string baseAddress, string address, bool isOwn)
    {
        using var client = new HttpClient { BaseAddress = new Uri(baseAddress) };
        var hosts = Create("orders");
        hosts.Observe(client);

        Assert.Equal(isOwn, Contains(hosts, address));
        Assert.Equal(isOwn, Contains(hosts, address));
    }

    [Fact]
    public void A_base_address_that_is_set_later_names_the_service_too()
    {
        var hosts = Create("orders");
        using var client = new HttpClient();
        hosts.Observe(client);
        Assert.False(Contains(hosts, "http://shop.example/a"));

        client.BaseAddress = new Uri("http://shop.example/v1/");

        Assert.True(Contains(hosts, "http://shop.example/a"));
    }

    [Fact]
    public void A_base_address_stays_known_when_many_other_clients_were_made_since()
    {
        var hosts = Create("orders");
        using var client = new HttpClient();
        hosts.Observe(client);
        client.BaseAddress = new Uri("http://shop.example/v1/");
        Assert.True(Contains(hosts, "http://shop.example/a"));

        for (var i = 0; i < 100; i++)
        {
            using var other = new HttpClient();
            hosts.Observe(other);
        }

        Assert.True(Contains(hosts, "https://shop.example/b"));
    }

    [Theory]
    [InlineData("http://10.0.0.1:8080/page?n=2", true)]
    [InlineData("https://10.0.0.1:8080/", true)]
    [InlineData("http://backend.example.:80/", true)]
    [InlineData("http://10.0.0.1:9090/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://gateway/orders/list", false)]
    public void An_endpoint_is_known_by_host_and_port_unless_it_has_a_base_path(string address, bool isOwn)
    {
        _cluster.Update([Backends.Described("http://10.0.0.1:8080/"), Backends.Described("http://Backend.example/"), Backends.Described("http://gateway/orders/")]);

        Assert.Equal(isOwn, Contains(Create("orders"), address));
    }

    [Fact]
    public void An_endpoint_that_has_answered_stays_known_after_it_was_removed()
    {
        var hosts = Create("orders");
        Assert.False(Contains(hosts, "http://10.0.0.9:8080/page"));

        _answered.Add(new Uri("http://10.0.0.9:8080/"));

        Assert.True(Contains(hosts, "http://10.0.0.9:8080/page"));
    }

    [Fact]
    public void The_address_of_a_grpc_channel_is_the_service()
    {
        var hosts = Create("EchoClient");
        using var call = new HttpRequestMessage(HttpMethod.Post, "http://echo/Echo/Once") { Content = new ByteArrayContent([]) };
        call.Content.Headers.ContentType = new("application/grpc");

        Assert.False(Contains(hosts, "http://echo/Echo/Once"));
        Assert.True(hosts.Contains(call, _cluster));
        Assert.False(Contains(hosts, "http://login/"));
    }

    [Fact]
    public void A_client_is_made_once_if_none_was_to_learn_its_base_address()
    {
        var hosts = Create("orders");

        Assert.False(Contains(hosts, "http://login.example/"));
        Assert.False(Contains(hosts, "http://login.example/"));

        Assert.Equal(1, _created);
    }

    private bool Contains(ServiceHosts hosts, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return hosts.Contains(request, _cluster);
    }

    private ServiceHosts Create(string name) => new(name, _answered, () => _created++);
}
