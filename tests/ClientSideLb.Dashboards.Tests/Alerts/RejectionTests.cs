using System.Text.Json.Nodes;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>All replicas of the shop answer 429.</summary>
public sealed class RejectionTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task Requests_that_all_replicas_reject_are_told()
    {
        await using var shop = await ShopApi.StartAsync(
            prometheus, "rejected", static options => options["Failover"] = new JsonObject { ["MoveRejected"] = true });
        await shop.IsQuietAsync();

        foreach (var replica in shop.Replicas)
        {
            replica.Status = StatusCodes.Status429TooManyRequests;
        }

        await shop.FiresAsync(["LoadBalancingRequestsRejected"]);
    }
}
