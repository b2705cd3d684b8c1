using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>The path of the probes in the shop's configuration is wrong.</summary>
public sealed class ProbeTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task Probes_that_fail_while_requests_succeed_are_told()
    {
        await using var shop = await ShopApi.StartAsync(prometheus, "probes");
        await shop.IsQuietAsync();

        shop.Configure(static options => options["ActiveHealthCheck"]!["Path"] = "/nowhere");

        await shop.FiresAsync(["LoadBalancingProbesWrong", "LoadBalancingPanic", "LoadBalancingEndpointOut"]);
    }
}
