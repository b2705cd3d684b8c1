using System.Net;
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
            ("UnknownServices", "Refuse"),
            ("Zone", "eu-1"),
            ("OverprovisioningFactor", "1.25"),
            ("Subset:Size", "20"),
            ("Subset:ClientId", "pod-7"),
            ("Concurrency:MaxInFlightPerEndpoint", "8"),
            ("Concurrency:Adaptive", "true"),
            ("Concurrency:QueueLimit", "50"),
            ("Concurrency:QueueTimeout", "00:00:02"),
            ("Concurrency:WaitForOwner", "true"),
            ("ConsistentHash:PointsPerWeight", "7"),
            ("ConsistentHash:EnvoyCompatible", "true"),
            ("ConsistentHash:MinRingSize", "11"),
            ("ConsistentHash:MaxRingSize", "13"),
            ("ConsistentHash:LoadFactor", "1.5"),
            ("Maglev:TableSize", "17"),
            ("Maglev:LoadFactor", "1.25"),
            ("PeakEwma:DecayTime", "00:00:04"),
            ("PeakEwma:DefaultLatency", "00:00:00.2"),
            ("PeakEwma:FailurePenalty", "00:00:03"),
            ("Endpoints:0:Address", "https://10.0.0.1:5001/v1"),
            ("Endpoints:0:Weight", "3"),
            ("Endpoints:0:Zone", "eu-1"),
            ("Endpoints:0:Priority", "2"),
            ("Endpoints:1:Address", "http://10.0.0.2"));

        Assert.Equal("ConsistentHash", options.Strategy);
        Assert.Equal("header:X-User", options.HashKey);
        Assert.Equal(HostHeaderMode.Service, options.HostHeader);
        Assert.Equal(UnknownServiceMode.Refuse, options.UnknownServices);
        Assert.Equal(1.5, options.ConsistentHash.LoadFactor);
        Assert.Equal(new MaglevSettings(17, 1.25), options.Maglev.ToSettings());
        Assert.Equal(("eu-1", 1.25), (options.Zone, options.OverprovisioningFactor));
        Assert.Equal((20, "pod-7"), (options.Subset.Size, options.Subset.ClientId));
        Assert.Equal(new ConcurrencySettings(8, Adaptive: true, 50, TimeSpan.FromSeconds(2), WaitForOwner: true), options.Concurrency.ToSettings());
        var ring = options.ConsistentHash;
        Assert.Equal((7, true, 11, 13), (ring.PointsPerWeight, ring.EnvoyCompatible, ring.MinRingSize, ring.MaxRingSize));
        var peak = options.PeakEwma;
        Assert.Equal([4, 0.2, 3], Seconds(peak.DecayTime, peak.DefaultLatency, peak.FailurePenalty));
        Assert.Equal(
            [(new Uri("https://10.0.0.1:5001/v1"), 3, "eu-1", 2), (new Uri("http://10.0.0.2"), 1, null, 0)],
            options.Endpoints.Select(static endpoint => (endpoint.Address, endpoint.Weight, endpoint.Zone, endpoint.Priority)));
    }

    [Fact]
    public void Every_option_of_health_and_failover_can_be_set_in_configuration()
    {
        var options = Bind(
            ("PanicThreshold", "0.4"),
            ("SlowStart", "00:00:30"),
            ("ActiveHealthCheck:Enabled", "true"),
            ("ActiveHealthCheck:Kind", "Tcp"),
            ("ActiveHealthCheck:Path", "/ready"),
            ("ActiveHealthCheck:Method", "HEAD"),
            ("ActiveHealthCheck:GrpcService", "shop.v1.Orders"),
            ("ActiveHealthCheck:Version", "2.0"),
            ("ActiveHealthCheck:VersionPolicy", "RequestVersionOrHigher"),
            ("ActiveHealthCheck:ExpectedStatus", "204"),
            ("ActiveHealthCheck:Interval", "00:00:11"),
            ("ActiveHealthCheck:UnhealthyInterval", "00:00:03"),
            ("ActiveHealthCheck:Timeout", "00:00:04"),
            ("ActiveHealthCheck:UnhealthyThreshold", "5"),
            ("ActiveHealthCheck:HealthyThreshold", "6"),
            ("ActiveHealthCheck:MaxConcurrentProbes", "7"),
            ("OutlierDetection:Enabled", "false"),
            ("OutlierDetection:ConsecutiveFailures", "8"),
            ("OutlierDetection:FailureRate", "0.9"),
            ("OutlierDetection:MinimumRequests", "10"),
            ("OutlierDetection:Window", "00:00:12"),
            ("OutlierDetection:BaseEjectionTime", "00:00:13"),
            ("OutlierDetection:MaxEjectionTime", "00:00:14"),
            ("OutlierDetection:UnansweredWait", "00:00:15"),
            ("OutlierDetection:MaxEjectionRatio", "0.16"),
            ("Failover:Enabled", "false"),
            ("Failover:MaxAttempts", "4"),
            ("Failover:AttemptTimeout", "00:00:17"),
            ("Failover:HedgingDelay", "00:00:18"),
            ("Failover:RetryBudget", "0.19"),
            ("Failover:MinimumRetriesPerSecond", "20"),
            ("Failover:MoveRejected", "true"));

        Assert.Equal((0.4, TimeSpan.FromSeconds(30)), (options.PanicThreshold, options.SlowStart));
        var active = options.ActiveHealthCheck;
        Assert.Equal((true, HealthProbeKind.Tcp, "/ready", "HEAD", "204"), (active.Enabled, active.Kind, active.Path, active.Method, active.ExpectedStatus));
        Assert.Equal("shop.v1.Orders", active.GrpcService);
        Assert.Equal((HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrHigher), (active.Version, active.VersionPolicy));
        Assert.Equal([11, 3, 4], Seconds(active.Interval, active.UnhealthyInterval, active.Timeout));
        Assert.Equal((5, 6, 7), (active.UnhealthyThreshold, active.HealthyThreshold, active.MaxConcurrentProbes));
        var outliers = options.OutlierDetection;
        Assert.Equal((false, 8, 0.9, 10, 0.16), (outliers.Enabled, outliers.ConsecutiveFailures, outliers.FailureRate, outliers.MinimumRequests, outliers.MaxEjectionRatio));
        Assert.Equal([12, 13, 14, 15], Seconds(outliers.Window, outliers.BaseEjectionTime, outliers.MaxEjectionTime, outliers.UnansweredWait));
        var failover = options.Failover;
        Assert.Equal(
            (false, 4, 0.19, 20, true),
            (failover.Enabled, failover.MaxAttempts, failover.RetryBudget, failover.MinimumRetriesPerSecond, failover.MoveRejected));
        Assert.Equal([17, 18], Seconds(failover.AttemptTimeout!.Value, failover.HedgingDelay!.Value));
    }

    /// <summary>Fails if an option is added that the test above does not bind.</summary>
    [Fact]
    public void The_test_of_health_and_failover_knows_every_option()
    {
        static int Count<T>() => typeof(T).GetProperties().Count(static property => property.SetMethod is not null && !typeof(Delegate).IsAssignableFrom(property.PropertyType));

        Assert.Equal((14, 9, 7), (Count<ActiveHealthCheckOptions>(), Count<OutlierDetectionOptions>(), Count<FailoverOptions>()));
    }

    [Fact]
    public void An_option_that_is_not_configured_has_its_default()
    {
        var options = Bind();

        Assert.Equal(LoadBalancingStrategies.PowerOfTwoChoices, options.Strategy);
        Assert.Empty(options.Endpoints);
        Assert.Null(options.HashKey);
        Assert.Null(options.HashKeySelector);
        Assert.Equal((null, 1.4), (options.Zone, options.OverprovisioningFactor));
        Assert.Equal((null, null), (options.Subset.Size, options.Subset.ClientId));
        Assert.Equal(new ConcurrencySettings(MaxInFlight: null, Adaptive: false, 0, TimeSpan.FromSeconds(1), WaitForOwner: false), options.Concurrency.ToSettings());
        Assert.Equal(HostHeaderMode.Auto, options.HostHeader);
        Assert.Equal(UnknownServiceMode.PassThrough, options.UnknownServices);
        Assert.Equal(RingSettings.Default, options.ConsistentHash.ToSettings());
        Assert.Equal(new RingSettings(160, EnvoyCompatible: false, 1024, 8388608), RingSettings.Default);
        Assert.Null(options.ConsistentHash.LoadFactor);
        Assert.Equal(new MaglevSettings(65537, LoadFactor: null), options.Maglev.ToSettings());
        Assert.Equal(PeakEwmaSettings.Default, options.PeakEwma.ToSettings());
        Assert.Equal([10, 0.03, 5], Seconds(options.PeakEwma.DecayTime, options.PeakEwma.DefaultLatency, options.PeakEwma.FailurePenalty));
    }

    [Fact]
    public void Code_that_runs_after_the_binding_overrides_configuration()
    {
        var configuration = new ReloadableConfiguration(("Strategy", "Random"), ("HashKey", "path"));
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration.Root).AddLoadBalancing(static options => options.Strategy = "IpHash");
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<LoadBalancingOptions>>().Get("api");

        Assert.Equal(("IpHash", "path"), (options.Strategy, options.HashKey));
    }

    private static double[] Seconds(params TimeSpan[] times) => [.. times.Select(static time => time.TotalSeconds)];

    private static LoadBalancingOptions Bind(params (string, string)[] settings)
    {
        var configuration = new ReloadableConfiguration([.. settings.Select(static setting => ($"LoadBalancing:{setting.Item1}", setting.Item2))]);
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration.Root.GetSection("LoadBalancing"));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<LoadBalancingOptions>>().Get("api");
    }
}
