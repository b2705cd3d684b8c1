using System.Text.Json.Nodes;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>Replicas of the shop answer with errors.</summary>
public sealed class FailureTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task A_replica_that_fails_whenever_it_returns_is_ejected_often()
    {
        await using var shop = await ShopApi.StartAsync(
            prometheus,
            "ejected",
            static options =>
            {
                options["Strategy"] = "RoundRobin";
                options["OutlierDetection"] = new JsonObject { ["BaseEjectionTime"] = "00:00:01", ["MaxEjectionTime"] = "00:00:01" };
            });
        await shop.IsQuietAsync();

        shop.Replicas[0].Status = StatusCodes.Status503ServiceUnavailable;

        await shop.FiresAsync(["LoadBalancingEndpointEjectedOften"], besides: ["LoadBalancingEndpointOut", "LoadBalancingRequestsMove"]);
    }

    [Fact]
    public async Task Requests_that_move_from_a_replica_that_stays_in_use_are_told()
    {
        await using var shop = await ShopApi.StartAsync(
            prometheus,
            "moving",
            static options =>
            {
                options["Strategy"] = "RoundRobin";
                options["OutlierDetection"] = new JsonObject { ["Enabled"] = false };
            });
        await shop.IsQuietAsync();

        shop.Replicas[0].Status = StatusCodes.Status503ServiceUnavailable;

        await shop.FiresAsync(["LoadBalancingRequestsMove"]);
    }
}
