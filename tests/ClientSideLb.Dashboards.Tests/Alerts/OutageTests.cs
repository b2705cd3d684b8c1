using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>Replicas of the shop are killed.</summary>
public sealed class OutageTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task A_replica_that_is_killed_is_out_and_no_request_fails_and_when_all_are_killed_requests_fail()
    {
        await using var shop = await WholeShop.StartAsync(prometheus, "outage");
        await shop.IsQuietAsync();

        await shop.KillAsync(2);
        await shop.FiresAsync(["LoadBalancingEndpointOut"], besides: ["LoadBalancingRequestsMove"]);

        await shop.KillAsync(1);
        await shop.KillAsync(3);
        await shop.FiresAsync(
            ["LoadBalancingEndpointOut", "LoadBalancingPanic", "LoadBalancingRequestsFail"],
            besides: ["LoadBalancingRequestsMove", "LoadBalancingEndpointEjectedOften"]);
    }
}
