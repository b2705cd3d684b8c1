using Microsoft.Extensions.Configuration;

namespace ClientSideLb.Configuration;

/// <summary>
/// The keys that the configuration of a client may have. They are written by hand, because reading them from the types at run time would not
/// survive trimming. A test compares them with the options.
/// </summary>
internal sealed class OptionKeys
{
    /// <summary>The keys of <see cref="LoadBalancingOptions"/>.</summary>
    internal static readonly OptionKeys Root = new()
    {
        Values =
        [
            nameof(LoadBalancingOptions.Strategy),
            nameof(LoadBalancingOptions.HashKey),
            nameof(LoadBalancingOptions.PanicThreshold),
            nameof(LoadBalancingOptions.SlowStart),
            nameof(LoadBalancingOptions.HostHeader),
            nameof(LoadBalancingOptions.Zone),
            nameof(LoadBalancingOptions.OverprovisioningFactor),
            nameof(LoadBalancingOptions.UnknownServices),
        ],
        Sections = new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(LoadBalancingOptions.Endpoints)] = new()
            {
                IsList = true,
                Values = [nameof(EndpointOptions.Address), nameof(EndpointOptions.Weight), nameof(EndpointOptions.Zone), nameof(EndpointOptions.Priority)],
            },
            [nameof(LoadBalancingOptions.ConsistentHash)] = new()
            {
                Values =
                [
                    nameof(ConsistentHashOptions.PointsPerWeight),
                    nameof(ConsistentHashOptions.EnvoyCompatible),
                    nameof(ConsistentHashOptions.MinRingSize),
                    nameof(ConsistentHashOptions.MaxRingSize),
                    nameof(ConsistentHashOptions.LoadFactor),
                ],
            },
            [nameof(LoadBalancingOptions.Maglev)] = new()
            {
                Values = [nameof(MaglevOptions.TableSize), nameof(MaglevOptions.LoadFactor)],
            },
            [nameof(LoadBalancingOptions.PeakEwma)] = new()
            {
                Values = [nameof(PeakEwmaOptions.DecayTime), nameof(PeakEwmaOptions.DefaultLatency), nameof(PeakEwmaOptions.FailurePenalty)],
            },
            [nameof(LoadBalancingOptions.ActiveHealthCheck)] = new()
            {
                Values =
                [
                    nameof(ActiveHealthCheckOptions.Enabled),
                    nameof(ActiveHealthCheckOptions.Kind),
                    nameof(ActiveHealthCheckOptions.Path),
                    nameof(ActiveHealthCheckOptions.GrpcService),
                    nameof(ActiveHealthCheckOptions.Method),
                    nameof(ActiveHealthCheckOptions.Version),
                    nameof(ActiveHealthCheckOptions.VersionPolicy),
                    nameof(ActiveHealthCheckOptions.ExpectedStatus),
                    nameof(ActiveHealthCheckOptions.Interval),
                    nameof(ActiveHealthCheckOptions.UnhealthyInterval),
                    nameof(ActiveHealthCheckOptions.Timeout),
                    nameof(ActiveHealthCheckOptions.UnhealthyThreshold),
                    nameof(ActiveHealthCheckOptions.HealthyThreshold),
                    nameof(ActiveHealthCheckOptions.MaxConcurrentProbes),
                ],
            },
            [nameof(LoadBalancingOptions.OutlierDetection)] = new()
            {
                Values =
                [
                    nameof(OutlierDetectionOptions.Enabled),
                    nameof(OutlierDetectionOptions.ConsecutiveFailures),
                    nameof(OutlierDetectionOptions.FailureRate),
                    nameof(OutlierDetectionOptions.MinimumRequests),
                    nameof(OutlierDetectionOptions.Window),
                    nameof(OutlierDetectionOptions.BaseEjectionTime),
                    nameof(OutlierDetectionOptions.MaxEjectionTime),
                    nameof(OutlierDetectionOptions.UnansweredWait),
                    nameof(OutlierDetectionOptions.MaxEjectionRatio),
                ],
            },
            [nameof(LoadBalancingOptions.Subset)] = new()
            {
                Values = [nameof(SubsetOptions.Size), nameof(SubsetOptions.ClientId)],
            },
            [nameof(LoadBalancingOptions.Concurrency)] = new()
            {
                Values =
                [
                    nameof(ConcurrencyOptions.MaxInFlightPerEndpoint),
                    nameof(ConcurrencyOptions.Adaptive),
                    nameof(ConcurrencyOptions.QueueLimit),
                    nameof(ConcurrencyOptions.QueueTimeout),
                    nameof(ConcurrencyOptions.WaitForOwner),
                ],
            },
            [nameof(LoadBalancingOptions.Failover)] = new()
            {
                Values =
                [
                    nameof(FailoverOptions.Enabled),
                    nameof(FailoverOptions.MaxAttempts),
                    nameof(FailoverOptions.AttemptTimeout),
                    nameof(FailoverOptions.HedgingDelay),
                    nameof(FailoverOptions.RetryBudget),
                    nameof(FailoverOptions.MinimumRetriesPerSecond),
                    nameof(FailoverOptions.MoveRejected),
                ],
            },
        },
    };

    /// <summary>Gets a value indicating whether the keys are those of each item of a list.</summary>
    internal bool IsList { get; private init; }

    /// <summary>Gets the keys that have a single value. Case does not matter.</summary>
    internal IReadOnlyList<string> Values { get; private init; } = [];

    /// <summary>Gets the keys that have further keys below them. Case does not matter.</summary>
    internal Dictionary<string, OptionKeys> Sections { get; private init; } = [];

    /// <summary>Finds the keys of a section that have no effect.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isWhole">Whether the section is a whole configuration, which has keys of others as well.</param>
    /// <returns>The full path of each key.</returns>
    internal IEnumerable<string> FindUnknown(IConfiguration section, bool isWhole = false) =>
        IsList ? section.GetChildren().SelectMany(FindUnknownInItem) : FindUnknownKeys(section, isWhole);

    // A value in place of keys has no effect, such as "Failover": "off". An empty value does no harm: {} and [] in JSON are read as one.
    private IEnumerable<string> FindUnknownIn(IConfigurationSection section) => string.IsNullOrEmpty(section.Value) ? FindUnknown(section) : [section.Path];

    private IEnumerable<string> FindUnknownInItem(IConfigurationSection item) => string.IsNullOrEmpty(item.Value) ? FindUnknownKeys(item) : [item.Path];

    private IEnumerable<string> FindUnknownKeys(IConfiguration section, bool isWhole = false) =>
        section.GetChildren().SelectMany(child => FindUnknownAt(child, isWhole));

    private IEnumerable<string> FindUnknownAt(IConfigurationSection child, bool isWhole)
    {
        if (Sections.TryGetValue(child.Key, out var keys))
        {
            return keys.FindUnknownIn(child);
        }

        if (Values.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        {
            // A single value has no keys below it.
            return child.GetChildren().Select(static grandchild => grandchild.Path);
        }

        return isWhole ? [] : [child.Path];
    }
}
