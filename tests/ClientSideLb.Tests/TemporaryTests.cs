using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests;

public sealed class TemporaryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Smoke()
    {
        var servers = Enumerable.Range(0, 3).Select(_ => WireMock.Server.WireMockServer.Start()).ToList();
        foreach (var s in servers)
        {
            s.Given(WireMock.RequestBuilders.Request.Create()).RespondWith(WireMock.ResponseBuilders.Response.Create().WithBody("hi " + s.Port));
        }

        foreach (var strategy in new[] { "RoundRobin", "WeightedRoundRobin", "Random", "LeastConnections", "IpHash", "ConsistentHash", "PowerOfTwoChoices" })
        {
            var services = new ServiceCollection();
            services.AddHttpClient("api").AddLoadBalancing(o =>
            {
                o.Strategy = strategy;
                foreach (var s in servers)
                {
                    o.Endpoints.Add(new EndpointOptions { Address = new Uri(s.Url!) });
                }
            });
            using var sp = services.BuildServiceProvider();
            var client = sp.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            for (var i = 0; i < 12; i++)
            {
                await client.GetStringAsync($"/a/{i}?x=%2F");
            }

            var cluster = sp.GetRequiredService<IClusterRegistry>().Clusters.Single();
            output.WriteLine(strategy + " " + cluster.ServiceName + " " + string.Join(", ", cluster.Endpoints.Select(e => $"{e.Address} {e.InFlight} {e.Health} {e.Latency}")) + " " + string.Join(",", servers.Select(s => s.LogEntries.Count)));
        }
    }

    [Fact]
    public void Uris()
    {
        foreach (var path in new[] { "/a%2Fb/../c d?q=é&x=%41", "/a\\b", "/%7Euser/./x", "/ü/%C3%BC", "/a//b/", "/?", "", "/x?a=b#frag", "/x;y=z?a'b\"c<d>", "/%zz", "/a%20b+c", "/.%2e/x", "/[x]|^`{}", "/a:b@c" })
        {
            var http = new Uri("http://api" + path);
            var multi = new Uri("https+http://api" + path);
            var ws = new Uri("wss://api" + path);
            var re = RequestRewrite.AddressAt(new EndpointAddress(new Uri("http://10.0.0.1:5000/base/")), http);
            output.WriteLine($"{path} -> {http.PathAndQuery} | {multi.PathAndQuery} | {ws.PathAndQuery} | {re.PathAndQuery} {(http.PathAndQuery == multi.PathAndQuery && http.PathAndQuery == ws.PathAndQuery && re.PathAndQuery == "/base" + http.PathAndQuery ? "" : "DIFF")}");
        }
    }
}
