using System.Text.Json.Nodes;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>The load of the shop is above the limits of its replicas.</summary>
public sealed class LimitTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task Requests_that_wait_all_the_time_are_told_and_so_are_those_that_find_no_room()
    {
        await using var shop = await ShopApi.StartAsync(prometheus, "full", static options => SetLimits(options, 100));
        await shop.IsQuietAsync();

        // Five requests a second more than the replicas can do wait, and none fails before the queue is full.
        foreach (var replica in shop.Replicas)
        {
            replica.Work = TimeSpan.FromSeconds(0.15);
        }

        await shop.FiresAsync(["LoadBalancingQueue"]);

        shop.Configure(static options => SetLimits(options, 1));
        await shop.FiresAsync(["LoadBalancingSaturated", "LoadBalancingRequestsFail"], besides: ["LoadBalancingQueue"]);
    }

    private static void SetLimits(JsonNode options, int queue) =>
        options["Concurrency"] = new JsonObject { ["MaxInFlightPerEndpoint"] = 1, ["QueueLimit"] = queue, ["QueueTimeout"] = "00:00:30" };
}
