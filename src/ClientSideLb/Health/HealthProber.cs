using System.Collections.Concurrent;
using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using ClientSideLb.Shared;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Health;

/// <summary>
/// Probes the endpoints of one cluster, each independently, until the container is disposed. Each cluster has one prober, whatever the number
/// of handlers.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="createProbe">Makes the probe for the settings.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of jitter.</param>
/// <param name="telemetry">The metrics and the log that probes report to.</param>
/// <param name="scheduler">
/// The scheduler that runs the prober, from its start and after each wait. A simulation passes one that runs it step by step.
/// </param>
/// <param name="stopped">Cancelled when the container is disposed.</param>
/// <param name="shared">The probes that clusters share, or <see langword="null"/> if they share none.</param>
internal sealed class HealthProber(
    Cluster cluster,
    Func<ProbeSettings, IHealthProbe> createProbe,
    TimeProvider time,
    Random random,
    ClientTelemetry telemetry,
    TaskScheduler scheduler,
    CancellationToken stopped,
    SharedProbes? shared = null) : IClusterListener
{
    private const double Jitter = 0.1;

    // A shared result is younger than the pause before it, by a margin for the clock. So a cluster takes no result twice.
    private const double LongestSharedAge = 0.8;
    private static readonly TimeSpan LongestStartDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ClusterEndpoint, Task> _running = new();
    private volatile Probing? _probing;
    private bool _cannotSend;

    public void OnEndpointsChanged(Cluster changed, MembershipChange change) => Wake();

    public void OnSubsetChanged(Cluster changed, int used, int listed) => Wake();

    public void OnSettingsChanged(Cluster changed) => Wake();

    /// <summary>Starts to probe the endpoints that are not probed yet.</summary>
    internal void Wake()
    {
        var settings = cluster.Settings.Probes;
        if (!settings.Enabled || stopped.IsCancellationRequested)
        {
            return;
        }

        // Endpoints that are added together get the same delay for their first probe. Otherwise the first one that answers would be the only
        // healthy one for a while and get all the traffic. The delay is random, so that clients that start together do not send their probes
        // at the same time.
        var startDelay = (settings.Interval < LongestStartDelay ? settings.Interval : LongestStartDelay) * random.NextDouble();
        foreach (var endpoint in cluster.Snapshot.Members)
        {
            if (_running.TryAdd(endpoint, Task.CompletedTask))
            {
                // The update fails if the run has already ended and removed its entry.
                _running.TryUpdate(endpoint, Start(endpoint, startDelay), Task.CompletedTask);
            }
        }
    }

    /// <summary>Waits until the last probe has ended, however it ended.</summary>
    internal async Task StopAsync() => await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // The timer between two probes keeps the loop alive. The loop must not keep alive the container, which may be dropped without being disposed.
    private static Task Run(
        WeakReference<HealthProber> prober, WeakReference<ClusterEndpoint> endpoint, TimeSpan startDelay, TimeProvider time, TaskScheduler scheduler, CancellationToken stopped) =>
        BackgroundWork.Run(() => RunAsync(prober, endpoint, startDelay, time, stopped), scheduler);

    private static async Task RunAsync(
        WeakReference<HealthProber> prober, WeakReference<ClusterEndpoint> endpoint, TimeSpan startDelay, TimeProvider time, CancellationToken stopped)
    {
        try
        {
            TimeSpan? next = startDelay;
            while (next is { } pause)
            {
                await Task.Delay(pause, time, stopped).ConfigureAwait(true);
                next = await ProbeNextAsync(prober, endpoint, pause).ConfigureAwait(true);
            }
        }
        catch (Exception) when (stopped.IsCancellationRequested)
        {
            // The container was disposed. A probe that is cancelled may throw any exception.
        }
    }

    private static Task<TimeSpan?> ProbeNextAsync(WeakReference<HealthProber> prober, WeakReference<ClusterEndpoint> endpoint, TimeSpan pause) =>
        prober.TryGetTarget(out var target) && endpoint.TryGetTarget(out var probed)
            ? target.ProbeNextAsync(probed, pause)
            : Task.FromResult<TimeSpan?>(null);

    private Task Start(ClusterEndpoint endpoint, TimeSpan startDelay) =>
        Run(new WeakReference<HealthProber>(this), new WeakReference<ClusterEndpoint>(endpoint), startDelay, time, scheduler, stopped);

    // Returns the pause before the next probe, or null if the endpoint is no longer probed.
    private async Task<TimeSpan?> ProbeNextAsync(ClusterEndpoint endpoint, TimeSpan pause)
    {
        if (IsWanted(endpoint))
        {
            var probing = GetProbing();
            await ProbeAsync(endpoint, probing, pause).ConfigureAwait(true);
            return GetInterval(endpoint, probing.Settings);
        }

        _running.TryRemove(endpoint, out _);
        if (IsWanted(endpoint))
        {
            // The endpoint was listed again between the last check and now.
            Wake();
        }

        return null;
    }

    private async Task ProbeAsync(ClusterEndpoint endpoint, Probing probing, TimeSpan pause)
    {
        await probing.Gate.WaitAsync(stopped).ConfigureAwait(true);
        try
        {
            var outcome = await GetOutcomeAsync(endpoint, probing, pause).ConfigureAwait(true);
            if (outcome.Result is { } result)
            {
                var duration = time.GetElapsedTime(outcome.Started);
                cluster.ObserveProbe(endpoint, result, outcome.Started);
                Report(endpoint, result, outcome.IsShared ? null : duration);
            }
        }
        catch (Exception) when (!stopped.IsCancellationRequested)
        {
            // A log sink or a listener of the metrics threw. The next probe follows all the same.
        }
        finally
        {
            probing.Gate.Release();
        }
    }

    private async Task<ProbeOutcome> GetOutcomeAsync(ClusterEndpoint endpoint, Probing probing, TimeSpan pause)
    {
        if (shared is not null && probing.Identify(endpoint, out var sender) is { } identity)
        {
            return await shared.GetAsync(sender!, identity, pause * LongestSharedAge, () => GetResultAsync(endpoint, probing), stopped).ConfigureAwait(true);
        }

        var started = time.GetTimestamp();
        return new ProbeOutcome(await GetResultAsync(endpoint, probing).ConfigureAwait(true), started, IsShared: false);
    }

    // A probe is measured by the cluster that has sent it.
    private void Report(ClusterEndpoint endpoint, HealthProbeResult result, TimeSpan? sent)
    {
        if (sent is { } duration && telemetry.Metrics.IsTimingProbes)
        {
            telemetry.Metrics.RecordProbe(cluster, endpoint, duration, result.MetricError);
        }

        if (!result.IsPassed)
        {
            telemetry.Logger.ProbeFailed(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key, result.Reason!);
        }
    }

    // The result is null if the probe could not be sent, so it says nothing about the endpoint.
    private async Task<HealthProbeResult?> GetResultAsync(ClusterEndpoint endpoint, Probing probing)
    {
        using var timeout = new CancellationTokenSource(probing.Settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopped);
        try
        {
            // WaitAsync ends the wait for a probe that ignores its token. Otherwise that probe would stop the prober.
            var result = await probing.GetProbe().ProbeAsync(endpoint, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(true);
            _cannotSend = false;
            return result.IsPassed || result.MetricError is not null ? result : HealthProbeResult.Failed("the probe failed without a reason");
        }
        catch (ProbeNotSentException notSent) when (!stopped.IsCancellationRequested)
        {
            if (!Interlocked.Exchange(ref _cannotSend, true))
            {
                telemetry.Logger.ProbesNotSent(cluster.ShortClientName, cluster.ServiceName, ErrorType.Of(notSent.InnerException!));
            }

            return null;
        }
        catch (Exception failure) when (!stopped.IsCancellationRequested)
        {
            _cannotSend = false;
            return timeout.IsCancellationRequested
                ? HealthProbeResult.Failed($"no answer within {DurationText.Of(probing.Settings.Timeout)}", ErrorType.Timeout)
                : HealthProbeResult.Failed(ProbeFailure.Describe(failure), ErrorType.Of(failure));
        }
    }

    private TimeSpan GetInterval(ClusterEndpoint endpoint, ProbeSettings settings)
    {
        var interval = endpoint.Health == EndpointHealth.Healthy || settings.UnhealthyInterval > settings.Interval
            ? settings.Interval
            : settings.UnhealthyInterval;
        return interval * (1 - Jitter + (2 * Jitter * random.NextDouble()));
    }

    private bool IsWanted(ClusterEndpoint endpoint) =>
        cluster.Settings.Probes.Enabled && Array.IndexOf(cluster.Snapshot.Members, endpoint) >= 0;

    // Changed settings need a new probe.
    private Probing GetProbing()
    {
        var settings = cluster.Settings.Probes;
        var probing = _probing;
        if (probing is null || probing.Settings != settings)
        {
            _probing = probing = new Probing(settings, createProbe);
        }

        return probing;
    }

    /// <summary>The probe for the current settings. It is created when it is first needed, and again after a failure.</summary>
    private sealed class Probing(ProbeSettings settings, Func<ProbeSettings, IHealthProbe> createProbe)
    {
        private readonly Lazy<IHealthProbe> _probe = new(() => createProbe(settings), LazyThreadSafetyMode.PublicationOnly);

        internal ProbeSettings Settings => settings;

        internal SemaphoreSlim Gate { get; } = new(settings.MaxConcurrentProbes);

        internal IHealthProbe GetProbe()
        {
            try
            {
                return _probe.Value;
            }
            catch (Exception failure)
            {
                throw new ProbeNotSentException(failure);
            }
        }

        // A probe that cannot be created, or a client that cannot be, is reported when the probe is sent.
        internal ProbeIdentity? Identify(ClusterEndpoint endpoint, out object? sender)
        {
            sender = null;
            try
            {
                return _probe.Value is ISharableProbe sharable ? sharable.Identify(endpoint, out sender) : null;
            }
            catch (Exception)
            {
                return null;
            }
        }
    }
}
