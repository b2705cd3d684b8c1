using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>Weights in the shop's configuration are wrong.</summary>
public sealed class WeightTests(PrometheusServer prometheus)
{
    [Fact]
    public async Task An_endpoint_with_nearly_all_of_the_weight_makes_the_traffic_one_sided()
    {
        await using var shop = await ShopApi.StartAsync(prometheus, "one-sided", static options => options["Strategy"] = "WeightedRoundRobin");
        await shop.IsQuietAsync();

        shop.Configure(static options => options["Endpoints"]![0]!["Weight"] = 50);

        await shop.FiresAsync(["LoadBalancingOneSided"]);
    }

    [Fact]
    public async Task Weights_of_0_drain_all_endpoints_so_there_is_none()
    {
        await using var shop = await ShopApi.StartAsync(prometheus, "drained");
        await shop.IsQuietAsync();

        shop.Configure(static options =>
        {
            foreach (var endpoint in options["Endpoints"]!.AsArray())
            {
                endpoint!["Weight"] = 0;
            }
        });

        await shop.FiresAsync(["LoadBalancingNoEndpoint", "LoadBalancingRequestsFail"]);
    }
}
