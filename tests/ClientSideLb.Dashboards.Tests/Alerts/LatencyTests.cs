using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>Replicas of the shop are slow.</summary>
public sealed class LatencyTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task A_replica_that_is_slower_than_the_others_is_told_and_so_is_a_service_that_is_slow_as_a_whole()
    {
        await using var shop = await ShopApi.StartAsync(prometheus, "slow");
        await shop.IsQuietAsync();

        shop.Replicas[1].Work = TimeSpan.FromSeconds(0.6);
        await shop.FiresAsync(["LoadBalancingEndpointSlow"]);

        foreach (var replica in shop.Replicas)
        {
            replica.Work = TimeSpan.FromSeconds(1.5);
        }

        await shop.FiresAsync(["LoadBalancingAttemptsSlow"], besides: ["LoadBalancingEndpointSlow"]);
    }
}
