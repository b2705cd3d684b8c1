using System.Net.Sockets;
using ClientSideLb.Dns.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Dns.Tests.EndToEnd;

public sealed class OptionsTests
{
    [Fact]
    public async Task All_faults_stop_the_host_at_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDnsDiscovery(static options =>
        {
            options.Servers.Add("dns.example");
            options.Suffix = "..";
            options.Names["api"] = "a b";
            options.PortName = "_http";
            options.Port = 70_000;
            options.AddressFamily = AddressFamily.Unix;
            options.QueryTimeout = TimeSpan.Zero;
            options.MaximumTimeToLive = TimeSpan.FromMilliseconds(1);
            options.MissingGracePeriod = TimeSpan.FromSeconds(-1);
        });
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            ["Servers[0]", "Suffix", "Names[api]", "PortName", "Port", "AddressFamily", "QueryTimeout", "MaximumTimeToLive", "MissingGracePeriod"],
            refused.Failures.Select(static fault => fault.Split(' ')[2]));
    }

    [Fact]
    public async Task Options_are_read_from_configuration()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Servers:0", "10.0.0.10"), new("Servers:1", "[fd00::10]:5353"), new("Suffix", "shop.svc.cluster.local"), new("Names:api", "_http._tcp.api.example"),
            new("PortName", "http"), new("Port", "8080"), new("AddressFamily", "InterNetworkV6"), new("QueryTimeout", "00:00:01"),
            new("MaximumTimeToLive", "00:01:00"), new("MissingGracePeriod", "00:00:10"),
        ]).Build();
        await using var services = new ServiceCollection().AddDnsDiscovery(section).BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<DnsDiscoveryOptions>>().Value;

        Assert.Equal(["10.0.0.10", "[fd00::10]:5353"], options.Servers);
        Assert.Equal(("shop.svc.cluster.local", "_http._tcp.api.example", "http", 8080), (options.Suffix, options.Names["API"], options.PortName, options.Port));
        Assert.Equal(
            (AddressFamily.InterNetworkV6, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10)),
            (options.AddressFamily, options.QueryTimeout, options.MaximumTimeToLive, options.MissingGracePeriod));
    }

    [Fact]
    public async Task Adding_it_twice_asks_once()
    {
        await using var server = new StubDnsServer();
        server.AnswerAddresses("api.example", 60, "10.0.0.1");
        await using var app = new DnsApp(server.Address, after: static services => services.AddDnsDiscovery(static options => options.AddressFamily = AddressFamily.InterNetwork));

        Assert.Equal(["10.0.0.1"], await app.ResolveAddressesAsync("http://api.example"));
        Assert.Single(server.Queries);
    }
}
