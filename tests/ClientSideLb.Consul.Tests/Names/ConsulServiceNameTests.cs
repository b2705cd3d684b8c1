using ClientSideLb.Consul.Names;

namespace ClientSideLb.Consul.Tests.Names;

public sealed class ConsulServiceNameTests
{
    [Theory]
    [InlineData("api", null, "api", null, null)]
    [InlineData("my_api-2", null, "my_api-2", null, null)]
    [InlineData("api", "v2", "api", "v2", null)]
    [InlineData("api.service.consul", null, "api", null, null)]
    [InlineData("api.service.consul", "v2", "api", "v2", null)]
    [InlineData("v2.api.service.consul", null, "api", "v2", null)]
    [InlineData("api.service.dc2.consul", null, "api", null, "dc2")]
    [InlineData("v2.api.service.dc2.dc.consul", null, "api", "v2", "dc2")]
    [InlineData("service.service.consul", null, "service", null, null)]
    public void A_name_tells_service_tag_and_datacenter(string host, string? endpoint, string service, string? tag, string? datacenter) =>
        Assert.Equal(new ConsulServiceName(service, tag, datacenter), ConsulServiceName.Parse(host, endpoint, accepts: null));

    [Theory]
    [InlineData("example.com")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("localhost")]
    [InlineData("api.localhost")]
    [InlineData("service.consul")]
    [InlineData("api.query.consul")]
    [InlineData("a.b.api.service.consul")]
    [InlineData("api.service.a.b.consul")]
    [InlineData(".service.consul")]
    public void Other_names_are_left_to_other_providers(string host) => Assert.Null(ConsulServiceName.Parse(host, null, accepts: null));

    [Fact]
    public void A_predicate_decides_which_names_are_looked_up()
    {
        Assert.Equal(new ConsulServiceName("shop.api"), ConsulServiceName.Parse("shop.api", null, static host => host == "shop.api"));
        Assert.Null(ConsulServiceName.Parse("api", null, static _ => false));
        Assert.Null(ConsulServiceName.Parse("localhost", null, static _ => true));
        Assert.Null(ConsulServiceName.Parse("api", "v2", static host => host != "_v2.api"));
    }
}
