using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests;

/// <summary>
/// A prober on virtual time, with a probe that answers as the test says. The prober runs on other threads. A test waits for its pauses and
/// its probes, and moves the clock only during a pause.
/// </summary>
internal sealed class ProberLab : IDisposable
{
    /// <summary>The timeout of a probe. No pause is as long, so that timeouts and pauses can be told apart.</summary>
    internal static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3.75);

    private readonly CancellationTokenSource _stopped = new();
    private readonly Channel<ClusterEndpoint> _probed = Channel.CreateUnbounded<ClusterEndpoint>();
    private int _running;

    /// <param name="endpoints">How many endpoints there are.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="random">The share of its range that each random number is.</param>
    /// <param name="answer">Answers a probe. It is called on the prober's threads. By default all probes pass.</param>
    /// <param name="cannotCreateProbe">The exception with which the creation of a probe fails at first.</param>
    /// <param name="log">A logger in place of <see cref="Log"/>.</param>
    internal ProberLab(
        int endpoints,
        Action<ActiveHealthCheckOptions>? configure = null,
        double random = 0.5,
        Func<ClusterEndpoint, CancellationToken, ValueTask<bool>>? answer = null,
        Exception? cannotCreateProbe = null,
        ILogger? log = null)
    {
        Answer = answer ?? (static (_, _) => new(true));
        CannotCreateProbe = cannotCreateProbe;
        Cluster = new Cluster("client", "api", Settings(configure), Time, new FixedRandom(random), [TestCluster.TelemetryTo(Log)]);
        Prober = new HealthProber(Cluster, CreateProbe, Time, new FixedRandom(random), new ClientTelemetry(TestCluster.Metrics, log ?? Log), TaskScheduler.Default, _stopped.Token);
        Cluster.Subscribe(Prober);
        List([.. Enumerable.Range(0, endpoints)]);
    }

    internal ObservedTime Time { get; } = new(timeout: ProbeTimeout);

    internal FakeLogger Log { get; } = new();

    internal Cluster Cluster { get; }

    internal HealthProber Prober { get; }

    internal Func<ClusterEndpoint, CancellationToken, ValueTask<bool>> Answer { get; set; }

    /// <summary>Gets or sets the exception with which the creation of a probe fails.</summary>
    internal Exception? CannotCreateProbe { get; set; }

    /// <summary>Gets the log lines about probes that failed or could not be created.</summary>
    internal IEnumerable<FakeLogRecord> Faults => Log.Collector.GetSnapshot().Where(static record => record.Id.Id is 16 or 25);

    internal int ProbesMade { get; private set; }

    internal int MostAtOnce { get; private set; }

    internal ClusterEndpoint this[int index] => Cluster.Endpoints.Single(endpoint => endpoint.Address == Backends.AddressOf(index));

    public void Dispose()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    internal Task StopAsync()
    {
        _stopped.Cancel();
        return Prober.StopAsync();
    }

    internal void List(params int[] indexes) => Cluster.Update(ClusterLab.Described(indexes));

    internal void Reload(Action<ActiveHealthCheckOptions>? configure, HostHeaderMode hostHeader = HostHeaderMode.Auto) =>
        Cluster.Configure(Settings(configure, hostHeader));

    /// <summary>Waits until the prober pauses, and gets the length of the pause.</summary>
    internal Task<TimeSpan> NextPause() => Time.NextPauseAsync();

    /// <summary>Waits until an endpoint is probed.</summary>
    internal Task<ClusterEndpoint> NextProbe() => Eventually.Done(_probed.Reader.ReadAsync().AsTask());

    /// <summary>Tells whether an endpoint was probed that the test has not waited for.</summary>
    internal bool WasProbed() => _probed.Reader.TryRead(out _);

    /// <summary>Lets the pause of one endpoint pass, by default the next, and its probe. The prober pauses again when it returns.</summary>
    /// <returns>The next pause.</returns>
    internal async Task<TimeSpan> ProbeOnce(TimeSpan? pause = null)
    {
        Time.Advance(pause ?? await NextPause());
        await NextProbe();
        return await NextPause();
    }

    /// <summary>Lets the pause of one endpoint pass. Its probe has begun when it returns.</summary>
    internal async Task BeginProbe()
    {
        Time.Advance(await NextPause());
        await NextProbe();
    }

    private ClusterSettings Settings(Action<ActiveHealthCheckOptions>? configure, HostHeaderMode hostHeader = HostHeaderMode.Auto)
    {
        var options = new LoadBalancingOptions { HostHeader = hostHeader, ActiveHealthCheck = { Enabled = true, Timeout = ProbeTimeout } };
        configure?.Invoke(options.ActiveHealthCheck);
        return ClusterSettings.Of(options, new RoundRobinStrategy(), Time);
    }

    private IHealthProbe CreateProbe(ProbeSettings settings)
    {
        ProbesMade++;
        return CannotCreateProbe is null ? settings.OwnProbe ?? new Probe(this) : throw CannotCreateProbe;
    }

    private sealed class Probe(ProberLab lab) : IHealthProbe
    {
        public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
        {
            lock (lab)
            {
                lab.MostAtOnce = Math.Max(lab.MostAtOnce, ++lab._running);
            }

            try
            {
                lab._probed.Writer.TryWrite(endpoint);
                return await lab.Answer(endpoint, cancellationToken) ? HealthProbeResult.Passed : HealthProbeResult.Failed("the test says so");
            }
            finally
            {
                lock (lab)
                {
                    lab._running--;
                }
            }
        }
    }
}
