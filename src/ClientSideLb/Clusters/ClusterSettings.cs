namespace ClientSideLb;

/// <summary>What a cluster needs to know of its client's options.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Ring">How the ring of a consistent hash is sized.</param>
/// <param name="Outliers">When endpoints are ejected.</param>
/// <param name="Probes">How endpoints are probed.</param>
/// <param name="PanicThreshold">The share of available endpoints below which there is panic.</param>
/// <param name="SlowStart">How long an endpoint ramps up.</param>
internal sealed record ClusterSettings(
    ILoadBalancingStrategy Strategy,
    RingSettings Ring,
    OutlierSettings Outliers,
    ActiveHealthCheckOptions Probes,
    double PanicThreshold,
    TimeSpan SlowStart)
{
    internal static ClusterSettings Of(LoadBalancingOptions options, ILoadBalancingStrategy strategy, TimeProvider time) => new(
        strategy,
        RingSettings.Of(options.ConsistentHash),
        new OutlierSettings(options.OutlierDetection, time),
        options.ActiveHealthCheck,
        options.PanicThreshold,
        options.SlowStart);

    /// <summary>Compares by value, so that a reload which changes nothing makes nothing anew.</summary>
    public bool Equals(ClusterSettings? other) => other is not null
        && ReferenceEquals(Strategy, other.Strategy)
        && Ring == other.Ring
        && Outliers == other.Outliers
        && Probes.IsSameAs(other.Probes)
        && PanicThreshold.Equals(other.PanicThreshold)
        && SlowStart == other.SlowStart;

    public override int GetHashCode() => HashCode.Combine(Strategy, Ring, Outliers, PanicThreshold, SlowStart);
}
