using ClientSideLb.Configuration;
using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>The settings of a cluster, made from its client's options. Reloading equal settings changes nothing.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Strategies">The settings of those built-in strategies that have options.</param>
/// <param name="Outliers">When endpoints are ejected.</param>
/// <param name="Probes">How endpoints are probed.</param>
/// <param name="PanicThreshold">The share of available endpoints below which panic begins.</param>
/// <param name="SlowStart">The time in which an endpoint ramps up to its full share.</param>
/// <param name="SetsRejectingAside">Whether an endpoint that rejects a request is set aside for as long as it asks.</param>
/// <param name="Levels">How the cluster is divided into levels.</param>
/// <param name="Subset">Which part of the endpoints the client uses, or <see langword="null"/> for all.</param>
/// <param name="Concurrency">How many requests may be in flight at an endpoint, and how they wait for room.</param>
internal sealed record ClusterSettings(
    ILoadBalancingStrategy Strategy,
    StrategySettings Strategies,
    OutlierSettings Outliers,
    ProbeSettings Probes,
    double PanicThreshold,
    TimeSpan SlowStart,
    bool SetsRejectingAside,
    LevelSettings Levels,
    SubsetSettings? Subset,
    ConcurrencySettings Concurrency)
{
    internal static ClusterSettings Of(LoadBalancingOptions options, ILoadBalancingStrategy strategy, TimeProvider time) => new(
        strategy,
        new StrategySettings(options.ConsistentHash.ToSettings(), options.ConsistentHash.LoadFactor, options.Maglev.ToSettings(), options.PeakEwma.ToSettings()),
        options.OutlierDetection.ToSettings(time),
        options.ActiveHealthCheck.ToSettings(options.HostHeader),
        options.PanicThreshold,
        options.SlowStart,
        options.Failover is { Enabled: true, MoveRejected: true },
        new LevelSettings(options.Zone, options.OverprovisioningFactor),
        options.Subset.ToSettings(),
        options.Concurrency.ToSettings());
}
