using ClientSideLb.Configuration;
using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>The settings of a cluster, made of its client's options. Equal settings change nothing when they are reloaded.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Ring">The size of a consistent hash's ring.</param>
/// <param name="Outliers">When endpoints are ejected.</param>
/// <param name="Probes">How endpoints are probed.</param>
/// <param name="PanicThreshold">The share of available endpoints below which there is panic.</param>
/// <param name="SlowStart">How long an endpoint ramps up.</param>
internal sealed record ClusterSettings(
    ILoadBalancingStrategy Strategy,
    RingSettings Ring,
    OutlierSettings Outliers,
    ProbeSettings Probes,
    double PanicThreshold,
    TimeSpan SlowStart)
{
    internal static ClusterSettings Of(LoadBalancingOptions options, ILoadBalancingStrategy strategy, TimeProvider time) => new(
        strategy,
        options.ConsistentHash.ToSettings(),
        options.OutlierDetection.ToSettings(time),
        options.ActiveHealthCheck.ToSettings(options.HostHeader),
        options.PanicThreshold,
        options.SlowStart);
}
