using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>Service discovery fails, or does not know a name.</summary>
[Collection(nameof(DiscoveringApp))]
public sealed class DiscoveryTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task A_name_that_nobody_knows_is_told_and_so_is_service_discovery_that_fails()
    {
        await using var app = await DiscoveringApp.StartAsync(prometheus, "discovery");
        await app.IsQuietAsync();

        app.MistypeName();
        await app.FiresAsync(["LoadBalancingUnbalancedRequests"]);

        app.BreakDiscovery();
        await app.FiresAsync(["LoadBalancingDiscoveryFails"], besides: ["LoadBalancingUnbalancedRequests"]);
    }
}
