using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

public sealed class Ipv6ZoneTests
{
    [Theory]
    [InlineData("http://[fe80::1%25eth0]:8080", "[fe80::1%eth0]")]
    [InlineData("http://[fe80::1%eth0]:8080", "[fe80::1%eth0]")]
    [InlineData("http://[fe80::1%252]:8080", "[fe80::1%2]")]
    public async Task The_primary_handler_connects_to_the_address_in_its_zone_and_sends_no_zone(string endpoint, string connected)
    {
        await using var backend = await Backend.StartAsync(static context =>
        {
            if (context.Request.Path == "/start")
            {
                context.Response.Redirect($"http://{context.Request.Host}/final");
            }

            return Task.CompletedTask;
        });
        var hosts = new List<string>();
        await using var client = CreateClient(backend, hosts, endpoint);

        using var plain = await client.Http.GetAsync("http://api/a");
        using var redirected = await client.Http.GetAsync("http://api/start");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.StatusCode, redirected.StatusCode));
        Assert.All(hosts, host => Assert.Equal(connected, host));
        Assert.Equal(["/a", "/start", "/final"], backend.Received.Select(static request => request.Target));
        Assert.All(backend.Received, static request => Assert.Equal("[fe80::1]:8080", request.Host));
    }

    [Fact]
    public async Task The_same_address_in_two_zones_is_two_endpoints()
    {
        await using var backend = await Backend.StartAsync();
        var hosts = new List<string>();
        await using var client = CreateClient(backend, hosts, "http://[fe80::1%25eth0]:8080", "http://[fe80::1%25eth1]:8080");

        await client.GetAsync(4, "http://api/a");

        Assert.Equal(2, client.Endpoints.Count);
        Assert.Equal(["[fe80::1%eth0]", "[fe80::1%eth1]"], hosts.Order());
        Assert.True(client.Cluster.TryDrain(new Uri("http://[fe80::1%eth1]:8080")));
        Assert.Equal([EndpointHealth.Healthy, EndpointHealth.Draining], client.Endpoints.OrderBy(static endpoint => endpoint.HashName).Select(static endpoint => endpoint.Health));
    }

    [Fact]
    public async Task A_link_local_address_of_this_machine_is_reached_by_requests_and_probes()
    {
        var linkLocal = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .FirstOrDefault(static address => address.IsIPv6LinkLocal);
        Assert.SkipWhen(linkLocal is null, "This machine has no link-local address.");
        using var listener = new TcpListener(linkLocal, 0);
        listener.Start();
        var endpoint = new Uri($"http://[{linkLocal.ToString().Replace("%", "%25", StringComparison.Ordinal)}]:{((IPEndPoint)listener.LocalEndpoint).Port}");

        var settings = ClusterSettings.Of(new LoadBalancingOptions(), new RoundRobinStrategy(), TimeProvider.System).Probes;
        var probe = await new TcpProbe(settings).ProbeAsync(Backends.At(endpoint.OriginalString), TestContext.Current.CancellationToken);
        await using var client = BalancedClient.Of([endpoint]);
        var sending = client.Http.GetAsync("http://api/a", TestContext.Current.CancellationToken);
        using var probed = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await accepted.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var response = await sending;

        Assert.True(probe.IsPassed);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private static BalancedClient CreateClient(Backend backend, List<string> hosts, params string[] endpoints) => BalancedClient.Create(builder => builder
        .UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = async (context, cancellationToken) =>
        {
            lock (hosts)
            {
                hosts.Add(context.DnsEndPoint.Host);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, backend.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        })
        .AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.AddEndpoints(endpoints.Select(static endpoint => new Uri(endpoint)));
        }));
}
