using System.Threading.Channels;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>
/// A prober on virtual time, with a probe that answers as the test says. The prober runs on other threads; a test follows it by what it
/// waits for and by what it probes, and moves the clock only when it waits.
/// </summary>
internal sealed class ProberLab : IDisposable
{
    /// <summary>Unlike any other time here, so that the timers of timeouts can be told from those of pauses.</summary>
    internal static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3.75);

    private readonly CancellationTokenSource _stopped = new();
    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();
    private readonly Channel<ClusterEndpoint> _probed = Channel.CreateUnbounded<ClusterEndpoint>();
    private int _running;

    internal ProberLab(int endpoints, Action<ActiveHealthCheckOptions>? configure = null, double random = 0.5)
    {
        Time = new RecordingTime(_pauses.Writer);
        Cluster = new Cluster("client", "api", Settings(configure), Time, new FixedRandom(random), [TestCluster.TelemetryTo(Log)]);
        Prober = new HealthProber(Cluster, CreateProbe, Time, new FixedRandom(random), new ClientTelemetry(TestCluster.Metrics, Log), TaskScheduler.Default, _stopped.Token);
        Cluster.Subscribe(Prober);
        List([.. Enumerable.Range(0, endpoints)]);
    }

    internal FakeTimeProvider Time { get; }

    internal FakeLogger Log { get; } = new();

    internal Cluster Cluster { get; }

    internal HealthProber Prober { get; }

    /// <summary>Gets or sets what a probe answers. Called on the prober's threads.</summary>
    internal Func<ClusterEndpoint, CancellationToken, ValueTask<bool>> Answer { get; set; } = static (_, _) => new(true);

    /// <summary>Gets or sets why a probe cannot be made.</summary>
    internal Exception? CannotMakeProbe { get; set; }

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

    /// <summary>Waits until the prober waits, and tells for how long it is going to.</summary>
    internal Task<TimeSpan> NextPause() => Eventually.Done(_pauses.Reader.ReadAsync().AsTask());

    /// <summary>Waits until an endpoint is probed.</summary>
    internal Task<ClusterEndpoint> NextProbe() => Eventually.Done(_probed.Reader.ReadAsync().AsTask());

    /// <summary>Tells whether an endpoint was probed that no test has asked for.</summary>
    internal bool WasProbed() => _probed.Reader.TryRead(out _);

    /// <summary>Lets the pause of one endpoint pass, and its probe. The prober waits again when it returns.</summary>
    /// <returns>The next pause.</returns>
    internal async Task<TimeSpan> ProbeOnce(TimeSpan pause)
    {
        Time.Advance(pause);
        await NextProbe();
        return await NextPause();
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
        if (CannotMakeProbe is not null)
        {
            throw CannotMakeProbe;
        }

        return settings.OwnProbe ?? new Probe(this);
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

    private sealed class RecordingTime(ChannelWriter<TimeSpan> pauses) : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime != ProbeTimeout && dueTime != Timeout.InfiniteTimeSpan)
            {
                pauses.TryWrite(dueTime);
            }

            return timer;
        }
    }
}
