using System.Globalization;
using ClientSideLb.Endpoints;
using ClientSideLb.Shared;

namespace ClientSideLb.Configuration;

/// <summary>
/// Finds which options a reload has changed, by the names of their keys. The values are read by hand, because reading them from the types at run time would
/// not survive trimming. A test compares them with <see cref="OptionKeys"/>.
/// </summary>
/// <remarks>
/// Static endpoints are not among them: their cluster logs which came and went, and what changed at the others. Functions are not among them either, because
/// they are new objects after each reload.
/// </remarks>
internal static class OptionChanges
{
    private static readonly (string Key, Func<LoadBalancingOptions, object?> Read)[] Options =
    [
        Root(nameof(LoadBalancingOptions.Strategy), static options => options.Strategy),
        Root(nameof(LoadBalancingOptions.HashKey), static options => options.HashKey),
        Root(nameof(LoadBalancingOptions.PanicThreshold), static options => options.PanicThreshold),
        Root(nameof(LoadBalancingOptions.SlowStart), static options => options.SlowStart),
        Root(nameof(LoadBalancingOptions.HostHeader), static options => options.HostHeader),
        Root(nameof(LoadBalancingOptions.Zone), static options => options.Zone),
        Root(nameof(LoadBalancingOptions.OverprovisioningFactor), static options => options.OverprovisioningFactor),
        Root(nameof(LoadBalancingOptions.UnknownServices), static options => options.UnknownServices),
        Ring(nameof(ConsistentHashOptions.PointsPerWeight), static ring => ring.PointsPerWeight),
        Ring(nameof(ConsistentHashOptions.EnvoyCompatible), static ring => ring.EnvoyCompatible),
        Ring(nameof(ConsistentHashOptions.MinRingSize), static ring => ring.MinRingSize),
        Ring(nameof(ConsistentHashOptions.MaxRingSize), static ring => ring.MaxRingSize),
        Ring(nameof(ConsistentHashOptions.LoadFactor), static ring => ring.LoadFactor),
        Table(nameof(MaglevOptions.TableSize), static table => table.TableSize),
        Table(nameof(MaglevOptions.LoadFactor), static table => table.LoadFactor),
        Peak(nameof(PeakEwmaOptions.DecayTime), static peak => peak.DecayTime),
        Peak(nameof(PeakEwmaOptions.DefaultLatency), static peak => peak.DefaultLatency),
        Peak(nameof(PeakEwmaOptions.FailurePenalty), static peak => peak.FailurePenalty),
        Probe(nameof(ActiveHealthCheckOptions.Enabled), static probe => probe.Enabled),
        Probe(nameof(ActiveHealthCheckOptions.Kind), static probe => probe.Kind),
        Probe(nameof(ActiveHealthCheckOptions.Path), static probe => probe.Path),
        Probe(nameof(ActiveHealthCheckOptions.GrpcService), static probe => probe.GrpcService),
        Probe(nameof(ActiveHealthCheckOptions.Method), static probe => probe.Method),
        Probe(nameof(ActiveHealthCheckOptions.Version), static probe => probe.Version),
        Probe(nameof(ActiveHealthCheckOptions.VersionPolicy), static probe => probe.VersionPolicy),
        Probe(nameof(ActiveHealthCheckOptions.ExpectedStatus), static probe => probe.ExpectedStatus),
        Probe(nameof(ActiveHealthCheckOptions.Interval), static probe => probe.Interval),
        Probe(nameof(ActiveHealthCheckOptions.UnhealthyInterval), static probe => probe.UnhealthyInterval),
        Probe(nameof(ActiveHealthCheckOptions.Timeout), static probe => probe.Timeout),
        Probe(nameof(ActiveHealthCheckOptions.UnhealthyThreshold), static probe => probe.UnhealthyThreshold),
        Probe(nameof(ActiveHealthCheckOptions.HealthyThreshold), static probe => probe.HealthyThreshold),
        Probe(nameof(ActiveHealthCheckOptions.MaxConcurrentProbes), static probe => probe.MaxConcurrentProbes),
        Outlier(nameof(OutlierDetectionOptions.Enabled), static outlier => outlier.Enabled),
        Outlier(nameof(OutlierDetectionOptions.ConsecutiveFailures), static outlier => outlier.ConsecutiveFailures),
        Outlier(nameof(OutlierDetectionOptions.FailureRate), static outlier => outlier.FailureRate),
        Outlier(nameof(OutlierDetectionOptions.MinimumRequests), static outlier => outlier.MinimumRequests),
        Outlier(nameof(OutlierDetectionOptions.Window), static outlier => outlier.Window),
        Outlier(nameof(OutlierDetectionOptions.BaseEjectionTime), static outlier => outlier.BaseEjectionTime),
        Outlier(nameof(OutlierDetectionOptions.MaxEjectionTime), static outlier => outlier.MaxEjectionTime),
        Outlier(nameof(OutlierDetectionOptions.UnansweredWait), static outlier => outlier.UnansweredWait),
        Outlier(nameof(OutlierDetectionOptions.MaxEjectionRatio), static outlier => outlier.MaxEjectionRatio),
        Subset(nameof(SubsetOptions.Size), static subset => subset.Size),
        Subset(nameof(SubsetOptions.ClientId), static subset => subset.ClientId),
        Limit(nameof(ConcurrencyOptions.MaxInFlightPerEndpoint), static limit => limit.MaxInFlightPerEndpoint),
        Limit(nameof(ConcurrencyOptions.Adaptive), static limit => limit.Adaptive),
        Limit(nameof(ConcurrencyOptions.QueueLimit), static limit => limit.QueueLimit),
        Limit(nameof(ConcurrencyOptions.QueueTimeout), static limit => limit.QueueTimeout),
        Limit(nameof(ConcurrencyOptions.WaitForOwner), static limit => limit.WaitForOwner),
        Failover(nameof(FailoverOptions.Enabled), static failover => failover.Enabled),
        Failover(nameof(FailoverOptions.MaxAttempts), static failover => failover.MaxAttempts),
        Failover(nameof(FailoverOptions.AttemptTimeout), static failover => failover.AttemptTimeout),
        Failover(nameof(FailoverOptions.HedgingDelay), static failover => failover.HedgingDelay),
        Failover(nameof(FailoverOptions.RetryBudget), static failover => failover.RetryBudget),
        Failover(nameof(FailoverOptions.MinimumRetriesPerSecond), static failover => failover.MinimumRetriesPerSecond),
        Failover(nameof(FailoverOptions.MoveRejected), static failover => failover.MoveRejected),
    ];

    /// <summary>Gets the names of the options that are compared.</summary>
    internal static IEnumerable<string> Keys => Options.Select(static option => option.Key);

    /// <summary>Describes what has changed, such as <c>Strategy from 'Random' to 'RoundRobin'</c>. Returns an empty text if nothing has.</summary>
    internal static string Describe(LoadBalancingOptions before, LoadBalancingOptions after) => string.Join(
        "; ", Options.Select(option => Describe(option.Key, option.Read(before), option.Read(after))).OfType<string>());

    private static string? Describe(string key, object? before, object? after)
    {
        // The names of strategies are not case-sensitive.
        if (Equals(before, after) || (key == nameof(LoadBalancingOptions.Strategy) && string.Equals((string?)before, (string?)after, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var (from, to) = (Show(before), Show(after));
        return from == to ? $"{key} (a part that is not shown)" : $"{key} from {from} to {to}";
    }

    private static string Show(object? value) => value switch
    {
        null => "none",
        TimeSpan time => DurationText.Of(time),

        // The path of a probe may have a secret in its query.
        string text => $"'{AddressText.RemoveQuery(text)}'",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Root(string key, Func<LoadBalancingOptions, object?> read) => (key, read);

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Ring(string key, Func<ConsistentHashOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.ConsistentHash)}:{key}", options => read(options.ConsistentHash));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Table(string key, Func<MaglevOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.Maglev)}:{key}", options => read(options.Maglev));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Peak(string key, Func<PeakEwmaOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.PeakEwma)}:{key}", options => read(options.PeakEwma));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Probe(string key, Func<ActiveHealthCheckOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.ActiveHealthCheck)}:{key}", options => read(options.ActiveHealthCheck));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Outlier(string key, Func<OutlierDetectionOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.OutlierDetection)}:{key}", options => read(options.OutlierDetection));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Subset(string key, Func<SubsetOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.Subset)}:{key}", options => read(options.Subset));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Limit(string key, Func<ConcurrencyOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.Concurrency)}:{key}", options => read(options.Concurrency));

    private static (string Key, Func<LoadBalancingOptions, object?> Read) Failover(string key, Func<FailoverOptions, object?> read) =>
        ($"{nameof(LoadBalancingOptions.Failover)}:{key}", options => read(options.Failover));
}
