using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClientSideLb.Clusters;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Telemetry;

/// <summary>
/// The instruments of one container, under the meter <c>ClientSideLb</c>. An instrument without a listener computes nothing. Recording a
/// request allocates nothing.
/// </summary>
internal sealed class LoadBalancingMetrics
{
    // OpenTelemetry recommends these boundaries for http.client.request.duration.
    private static readonly double[] RequestBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] BuildBuckets = [0.000_01, 0.000_1, 0.001, 0.01, 0.1, 1];
    private static readonly EndpointHealth[] Healths = Enum.GetValues<EndpointHealth>();

    private readonly Counter<long> _requests;
    private readonly Counter<long> _unbalanced;
    private readonly Histogram<double> _attempts;
    private readonly Counter<long> _failovers;
    private readonly Counter<long> _ejections;
    private readonly Histogram<double> _probes;
    private readonly Histogram<double> _builds;
    private readonly Histogram<double> _waits;
    private readonly Counter<long> _saturated;
    private readonly Counter<long> _discoveries;
    private readonly Func<IEnumerable<Cluster>> _clusters;

    /// <param name="meter">The meter. The caller owns it.</param>
    /// <param name="clusters">Gets the clusters at the moment of an observation.</param>
    internal LoadBalancingMetrics(Meter meter, Func<IEnumerable<Cluster>> clusters)
    {
        _clusters = clusters;
        _requests = meter.CreateCounter<long>(
            TelemetryNames.Requests, "{request}", "Requests, by how they ended for the caller.");
        _unbalanced = meter.CreateCounter<long>(
            TelemetryNames.UnbalancedRequests, "{request}", "Requests that passed through unbalanced, because no provider of service discovery knows the name, or because the host is foreign to a client with static endpoints.");
        _attempts = meter.CreateHistogram(
            TelemetryNames.AttemptDuration, "s", "Time from the pick of an endpoint to its response's headers, or the failure.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestBuckets });
        _failovers = meter.CreateCounter<long>(
            TelemetryNames.Failovers, "{attempt}", "Attempts that a request made at another endpoint, by the endpoint that it left.");
        _ejections = meter.CreateCounter<long>(
            TelemetryNames.Ejections, "{ejection}", "Ejections by outlier detection.");
        _probes = meter.CreateHistogram(
            TelemetryNames.ProbeDuration, "s", "Duration of active health probes.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestBuckets });
        _builds = meter.CreateHistogram(
            TelemetryNames.SnapshotBuildDuration, "s", "Time to make the pickers of a cluster after a change.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = BuildBuckets });

        _waits = meter.CreateHistogram(
            TelemetryNames.QueueDuration, "s", "Time that requests waited until an endpoint had room.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestBuckets });
        _saturated = meter.CreateCounter<long>(
            TelemetryNames.Saturated, "{request}", "Requests that ended because all endpoints were at their limit of requests in flight.");
        _discoveries = meter.CreateCounter<long>(
            TelemetryNames.DiscoveryQueries, "{query}", "Queries of service discovery for the endpoints of a service, by how they ended.");

        meter.CreateObservableUpDownCounter(
            TelemetryNames.InFlight, () => ObserveEndpoints(static endpoint => endpoint.InFlight), "{request}", "Requests in flight, to the end of the response's body.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Limit, ObserveLimits, "{request}", "Requests that may be in flight at an endpoint, if that is limited.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Queued, () => ObserveClusters(static cluster => cluster.QueuedCount), "{request}", "Requests that wait until an endpoint has room.");
        meter.CreateObservableGauge(
            TelemetryNames.Penalty, ObservePenalties, "1", "How many times as busy an endpoint looks, because attempts failed there lately; 1 without failures.");
        meter.CreateObservableGauge(
            TelemetryNames.LatencyEstimate, ObserveLatencyEstimates, "s", "The latency that the strategy takes an endpoint to have when it picks, if it keeps an estimate.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.EndpointHealth, ObserveHealth, "{endpoint}", "1 for the health that an endpoint has, 0 for the other ones.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Available, () => ObserveEndpoints(static endpoint => endpoint.IsAvailable ? 1 : 0), "{endpoint}", "1 for an endpoint that shares the traffic, 0 for one that is out.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Panic, () => ObserveClusters(static cluster => cluster.InPanic ? 1 : 0), "{cluster}", "1 for a cluster that uses all endpoints because too few are available, 0 for the other ones.");
        meter.CreateObservableGauge(
            TelemetryNames.Listed, ObserveListed, "{endpoint}", "Endpoints that are listed. A client with a subset uses only some of them.");
        meter.CreateObservableGauge(
            TelemetryNames.LevelShare, ObserveLevelShares, "1", "The part of the requests that a level of endpoints serves, if the cluster has several levels.");
    }

    internal bool IsCountingRequests => _requests.Enabled;

    internal bool IsTimingAttempts => _attempts.Enabled;

    internal bool IsCountingFailovers => _failovers.Enabled;

    internal bool IsTimingProbes => _probes.Enabled;

    internal void RecordRequest(Cluster cluster, ClusterEndpoint? endpoint, string outcome)
    {
        var tags = EndpointAttributes.Of(cluster, endpoint).ToTagList();
        tags.Add(TelemetryNames.Outcome, outcome);
        _requests.Add(1, in tags);
    }

    internal void RecordUnbalanced(string clientName, string name)
    {
        if (_unbalanced.Enabled)
        {
            _unbalanced.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Client, clientName), new KeyValuePair<string, object?>(TelemetryNames.Service, name));
        }
    }

    internal void RecordAttempt(Cluster cluster, ClusterEndpoint endpoint, TimeSpan duration, string outcome, string? errorType)
    {
        var tags = EndpointAttributes.Of(cluster, endpoint).ToTagList();
        AddOutcome(ref tags, outcome, errorType);
        _attempts.Record(duration.TotalSeconds, in tags);
    }

    internal void RecordFailover(Cluster cluster, ClusterEndpoint? from, string kind, string? errorType)
    {
        var tags = EndpointAttributes.Of(cluster, from).ToTagList();
        tags.Add(TelemetryNames.FailoverKind, kind);
        if (errorType is not null)
        {
            tags.Add(TelemetryNames.ErrorType, errorType);
        }

        _failovers.Add(1, in tags);
    }

    internal void RecordEjection(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason)
    {
        if (_ejections.Enabled)
        {
            var tags = EndpointAttributes.Of(cluster, endpoint).ToTagList();
            tags.Add(TelemetryNames.EjectionReason, GetName(reason));
            _ejections.Add(1, in tags);
        }
    }

    internal void RecordProbe(Cluster cluster, ClusterEndpoint endpoint, TimeSpan duration, string? errorType)
    {
        var tags = EndpointAttributes.Of(cluster, endpoint).ToTagList();
        AddOutcome(ref tags, errorType is null ? TelemetryNames.Success : TelemetryNames.Failure, errorType);
        _probes.Record(duration.TotalSeconds, in tags);
    }

    internal void RecordWait(Cluster cluster, TimeSpan duration, string outcome)
    {
        if (_waits.Enabled)
        {
            var tags = EndpointAttributes.Of(cluster, endpoint: null).ToTagList();
            tags.Add(TelemetryNames.Outcome, outcome);
            _waits.Record(duration.TotalSeconds, in tags);
        }
    }

    internal void RecordSaturated(Cluster cluster)
    {
        if (_saturated.Enabled)
        {
            var tags = EndpointAttributes.Of(cluster, endpoint: null).ToTagList();
            _saturated.Add(1, in tags);
        }
    }

    internal void RecordDiscovery(Cluster cluster, string outcome, string? errorType)
    {
        if (_discoveries.Enabled)
        {
            var tags = EndpointAttributes.Of(cluster, endpoint: null).ToTagList();
            AddOutcome(ref tags, outcome, errorType);
            _discoveries.Add(1, in tags);
        }
    }

    internal void RecordSnapshotBuild(Cluster cluster, TimeSpan duration)
    {
        if (_builds.Enabled)
        {
            var tags = EndpointAttributes.Of(cluster, endpoint: null).ToTagList();
            _builds.Record(duration.TotalSeconds, in tags);
        }
    }

    private static void AddOutcome(ref TagList tags, string outcome, string? errorType)
    {
        tags.Add(TelemetryNames.Outcome, outcome);
        if (errorType is not null)
        {
            tags.Add(TelemetryNames.ErrorType, errorType);
        }
    }

    private static string GetName(EjectionReason reason) => reason switch
    {
        EjectionReason.ConsecutiveFailures => "consecutive_failures",
        EjectionReason.BrokenBodies => "broken_bodies",
        EjectionReason.FailureRate => "failure_rate",
        EjectionReason.ServerErrors => "server_errors",
        EjectionReason.Unanswered => "unanswered",
        EjectionReason.Hanging => "hanging",
        EjectionReason.TrialFailed => "trial_failed",
        EjectionReason.RetryAfter => "retry_after",
        EjectionReason.Rejected => "rejected",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    private static string GetName(EndpointHealth health) => health switch
    {
        EndpointHealth.Unknown => "unknown",
        EndpointHealth.Healthy => "healthy",
        EndpointHealth.Unhealthy => "unhealthy",
        EndpointHealth.Ejected => "ejected",
        EndpointHealth.Draining => "draining",
        _ => throw new ArgumentOutOfRangeException(nameof(health), health, message: null),
    };

    // A client may use a service with several schemes or ports. These clusters have the same attributes, so their values are added.
    private IEnumerable<Measurement<int>> ObserveEndpoints(Func<ClusterEndpoint, int> value) =>
        from cluster in _clusters()
        from endpoint in cluster.Endpoints
        group value(endpoint) by EndpointAttributes.Of(cluster, endpoint) into same
        select new Measurement<int>(same.Sum(), same.Key.ToTagList());

    // Several clusters may have the same names and endpoint. The highest penalty explains the most.
    private IEnumerable<Measurement<double>> ObservePenalties() =>
        from cluster in _clusters()
        from endpoint in cluster.Endpoints
        group endpoint.Penalty by EndpointAttributes.Of(cluster, endpoint) into same
        select new Measurement<double>(same.Max(), same.Key.ToTagList());

    // As with penalties, the highest one explains the most.
    private IEnumerable<Measurement<double>> ObserveLatencyEstimates() =>
        from cluster in _clusters()
        from endpoint in cluster.Endpoints
        let estimate = cluster.GetLatencyEstimate(endpoint)
        where estimate is not null
        group estimate.Value.TotalSeconds by EndpointAttributes.Of(cluster, endpoint) into same
        select new Measurement<double>(same.Max(), same.Key.ToTagList());

    private IEnumerable<Measurement<int>> ObserveLimits() =>
        from cluster in _clusters()
        from endpoint in cluster.Endpoints
        let limit = endpoint.Limit
        where limit is not null
        group limit.Value by EndpointAttributes.Of(cluster, endpoint) into same
        select new Measurement<int>(same.Sum(), same.Key.ToTagList());

    private IEnumerable<Measurement<int>> ObserveHealth() =>
        from cluster in _clusters()
        from endpoint in cluster.Endpoints
        let now = endpoint.Health
        from health in Healths
        group health == now ? 1 : 0 by (Endpoint: EndpointAttributes.Of(cluster, endpoint), Health: health) into same
        select new Measurement<int>(
            same.Sum(),
            [.. same.Key.Endpoint.ToTagList(), new(TelemetryNames.Health, GetName(same.Key.Health))]);

    private IEnumerable<Measurement<int>> ObserveClusters(Func<Cluster, int> value) =>
        from cluster in _clusters()
        group value(cluster) by (cluster.ShortClientName, cluster.ServiceName) into same
        select new Measurement<int>(same.Sum(), CreateTags(same.Key.ShortClientName, same.Key.ServiceName));

    // Several clusters may have the same names. They list the same service.
    private IEnumerable<Measurement<int>> ObserveListed() =>
        from cluster in _clusters()
        group cluster.Snapshot.Listed.Length by (cluster.ShortClientName, cluster.ServiceName) into same
        select new Measurement<int>(same.Max(), CreateTags(same.Key.ShortClientName, same.Key.ServiceName));

    // Clusters with the same names may be in different states. Their average keeps the sum of the shares at 1.
    private IEnumerable<Measurement<double>> ObserveLevelShares() =>
        from cluster in _clusters()
        let levels = cluster.Levels
        where levels.Count > 1
        from level in levels
        group level.Share by (cluster.ShortClientName, cluster.ServiceName, level.Priority, level.IsLocal) into same
        select new Measurement<double>(
            same.Average(),
            [
                .. CreateTags(same.Key.ShortClientName, same.Key.ServiceName),
                new(TelemetryNames.Priority, AttributeValues.Of(same.Key.Priority)),
                new(TelemetryNames.Local, AttributeValues.Of(same.Key.IsLocal)),
            ]);

    private static KeyValuePair<string, object?>[] CreateTags(string client, string service) =>
        [new(TelemetryNames.Client, client), new(TelemetryNames.Service, service)];
}
