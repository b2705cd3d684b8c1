using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Tests;

public sealed class LoadBalancingOptionsBindingTests
{
    [Fact]
    public void Every_option_can_be_set_in_configuration()
    {
        var options = Bind(
            ("Strategy", "ConsistentHash"),
            ("HashKey", "header:X-User"),
            ("HostHeader", "Service"),
            ("ConsistentHash:PointsPerWeight", "7"),
            ("ConsistentHash:EnvoyCompatible", "true"),
            ("ConsistentHash:MinRingSize", "11"),
            ("ConsistentHash:MaxRingSize", "13"),
            ("Endpoints:0:Address", "https://10.0.0.1:5001/v1"),
            ("Endpoints:0:Weight", "3"),
            ("Endpoints:0:Zone", "eu-1"),
            ("Endpoints:1:Address", "http://10.0.0.2"));

        Assert.Equal("ConsistentHash", options.Strategy);
        Assert.Equal("header:X-User", options.HashKey);
        Assert.Equal(HostHeaderMode.Service, options.HostHeader);
        var ring = options.ConsistentHash;
        Assert.Equal((7, true, 11, 13), (ring.PointsPerWeight, ring.EnvoyCompatible, ring.MinRingSize, ring.MaxRingSize));
        Assert.Equal(
            [(new Uri("https://10.0.0.1:5001/v1"), 3, "eu-1"), (new Uri("http://10.0.0.2"), 1, null)],
            options.Endpoints.Select(static endpoint => (endpoint.Address, endpoint.Weight, endpoint.Zone)));
    }

    [Fact]
    public void What_configuration_leaves_out_has_its_default()
    {
        var options = Bind();

        Assert.Equal(LoadBalancingStrategies.PowerOfTwoChoices, options.Strategy);
        Assert.Empty(options.Endpoints);
        Assert.Null(options.HashKey);
        Assert.Null(options.HashKeySelector);
        Assert.Equal(HostHeaderMode.Auto, options.HostHeader);
        Assert.Equal(RingSettings.Default, options.ConsistentHash.ToSettings());
        Assert.Equal(new RingSettings(160, EnvoyCompatible: false, 1024, 8388608), RingSettings.Default);
    }

    [Fact]
    public void Code_after_configuration_has_the_last_word()
    {
        var configuration = new ReloadableConfiguration(("Strategy", "Random"), ("HashKey", "path"));
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration.Root).AddLoadBalancing(static options => options.Strategy = "IpHash");
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<LoadBalancingOptions>>().Get("api");

        Assert.Equal(("IpHash", "path"), (options.Strategy, options.HashKey));
    }

    private static LoadBalancingOptions Bind(params (string, string)[] settings)
    {
        var configuration = new ReloadableConfiguration([.. settings.Select(static setting => ($"LoadBalancing:{setting.Item1}", setting.Item2))]);
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration.Root.GetSection("LoadBalancing"));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<LoadBalancingOptions>>().Get("api");
    }
}
