using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClientSideLb;

/// <summary>
/// Probes the endpoints of one cluster, each at its own pace, until the container is disposed. There is one for each cluster, however many
/// handlers there are.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="createProbe">Makes the probe that the options ask for.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Where jitter comes from.</param>
/// <param name="logger">Where failed probes are logged.</param>
/// <param name="scheduler">Where the prober runs, from its start and after each wait, so that a simulation can run it step by step.</param>
/// <param name="stopped">Cancelled when the container is disposed.</param>
internal sealed class HealthProber(
    Cluster cluster,
    Func<ActiveHealthCheckOptions, IHealthProbe> createProbe,
    TimeProvider time,
    Random random,
    ILogger logger,
    TaskScheduler scheduler,
    CancellationToken stopped)
{
    private const double Jitter = 0.1;
    private static readonly TimeSpan LongestStartDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ClusterEndpoint, Task> _running = new();
    private volatile Probing? _probing;

    /// <summary>Starts to probe the endpoints that are not probed yet. It is called when the cluster's endpoints or settings change.</summary>
    internal void Wake()
    {
        var options = cluster.Settings.Probes;
        if (!options.Enabled || stopped.IsCancellationRequested)
        {
            return;
        }

        // Endpoints that come together are first probed together: if the first to answer were the only healthy one for a while, it
        // alone would take all the traffic. Clusters do differ, so that many clients which start together do not probe in step.
        var startDelay = (options.Interval < LongestStartDelay ? options.Interval : LongestStartDelay) * random.NextDouble();
        foreach (var endpoint in cluster.Snapshot.Set.AllArray)
        {
            if (_running.TryAdd(endpoint, Task.CompletedTask))
            {
                // Only while it is there: a run that has ended by now has removed it, and must not be put back.
                _running.TryUpdate(endpoint, Detached.Run(() => RunAsync(endpoint, startDelay), scheduler), Task.CompletedTask);
            }
        }
    }

    /// <summary>Waits until the last probe has ended.</summary>
    internal Task StopAsync() => Task.WhenAll(_running.Values);

    private async Task RunAsync(ClusterEndpoint endpoint, TimeSpan startDelay)
    {
        try
        {
            await Task.Delay(startDelay, time, stopped).ConfigureAwait(true);
            while (IsWanted(endpoint))
            {
                var probing = Current();
                await ProbeAsync(endpoint, probing).ConfigureAwait(true);
                await Task.Delay(NextInterval(endpoint, probing.Options), time, stopped).ConfigureAwait(true);
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return;
        }

        _running.TryRemove(endpoint, out _);
        if (IsWanted(endpoint))
        {
            // It came back between the last look and now.
            Wake();
        }
    }

    private async Task ProbeAsync(ClusterEndpoint endpoint, Probing probing)
    {
        await probing.Gate.WaitAsync(stopped).ConfigureAwait(true);
        try
        {
            var started = time.GetTimestamp();
            var failure = await FailureAsync(endpoint, probing).ConfigureAwait(true);
            if (cluster.Metrics.TimesProbes)
            {
                cluster.Metrics.ProbeEnded(cluster, endpoint, time.GetElapsedTime(started), failure is null ? null : ErrorType.Of(failure));
            }

            cluster.ObserveProbe(endpoint, failure?.Message, started);
        }
        finally
        {
            probing.Gate.Release();
        }
    }

    // Probes, and tells why the endpoint does not pass, or null where it does.
    private async Task<Exception?> FailureAsync(ClusterEndpoint endpoint, Probing probing)
    {
        using var timeout = new CancellationTokenSource(probing.Options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopped);
        try
        {
            // A probe that does not heed its token must not stop the probing.
            return await probing.Probe.Value.ProbeAsync(endpoint, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(true)
                ? null
                : Failed(new ProbeRejectedException("the probe says that it does not work"));
        }
        catch (Exception failure) when (!stopped.IsCancellationRequested)
        {
            return Failed(timeout.IsCancellationRequested ? new TimeoutException($"no answer within {probing.Options.Timeout}", failure) : failure);
        }

        Exception Failed(Exception failure)
        {
            logger.ProbeFailed(failure, cluster.ClientName, cluster.ServiceName, endpoint.Address);
            return failure;
        }
    }

    private TimeSpan NextInterval(ClusterEndpoint endpoint, ActiveHealthCheckOptions options)
    {
        var interval = endpoint.Health == EndpointHealth.Healthy || options.UnhealthyInterval > options.Interval
            ? options.Interval
            : options.UnhealthyInterval;
        return interval * (1 - Jitter + (2 * Jitter * random.NextDouble()));
    }

    private bool IsWanted(ClusterEndpoint endpoint) =>
        cluster.Settings.Probes.Enabled && Array.IndexOf(cluster.Snapshot.Set.AllArray, endpoint) >= 0;

    // What probes with is made anew when the options are. Where that fails it is the probe that has failed, and the prober goes on.
    private Probing Current()
    {
        var options = cluster.Settings.Probes;
        var probing = _probing;
        if (probing is null || !ReferenceEquals(probing.Options, options))
        {
            _probing = probing = new Probing(options, new Lazy<IHealthProbe>(() => createProbe(options)), new SemaphoreSlim(options.MaxConcurrentProbes));
        }

        return probing;
    }

    private sealed record Probing(ActiveHealthCheckOptions Options, Lazy<IHealthProbe> Probe, SemaphoreSlim Gate);
}
