using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>The replicas of the shop have priorities.</summary>
public sealed class LevelTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task Requests_that_go_to_the_second_level_are_told()
    {
        await using var shop = await ShopApi.StartAsync(prometheus, "levels", static options => options["Endpoints"]![2]!["Priority"] = 1);
        await shop.IsQuietAsync();

        await shop.Replicas[0].KillAsync();

        await shop.FiresAsync(["LoadBalancingSpillOver"], besides: ["LoadBalancingEndpointOut", "LoadBalancingRequestsMove"]);
    }
}
