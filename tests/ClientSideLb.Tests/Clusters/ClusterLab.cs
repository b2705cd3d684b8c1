using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>A cluster on virtual time with endpoints at <see cref="Backends.AddressOf"/>, and methods for the events of a test.</summary>
internal sealed class ClusterLab
{
    private readonly ILoadBalancingStrategy _strategy;

    internal ClusterLab(
        int endpoints, Action<LoadBalancingOptions>? configure = null, ILoadBalancingStrategy? strategy = null, Random? random = null, ILogger? logger = null)
    {
        _strategy = strategy ?? new RoundRobinStrategy();
        configure?.Invoke(Options);
        Cluster = new Cluster("client", "api", Settings(Options), Time, random ?? new FixedRandom(0.5), [TestCluster.TelemetryTo(logger ?? Log)]);
        List(endpoints);
    }

    /// <summary>Gets the initial options of the cluster.</summary>
    internal LoadBalancingOptions Options { get; } = new();

    internal FakeTimeProvider Time { get; } = new();

    internal FakeLogger Log { get; } = new();

    internal Cluster Cluster { get; }

    internal ClusterEndpoint this[int index] => Cluster.Endpoints.Single(endpoint => endpoint.Address == Backends.AddressOf(index));

    /// <summary>Makes a cluster whose endpoints are probed. The test makes the probes.</summary>
    internal static ClusterLab Probed(int endpoints, Action<LoadBalancingOptions>? configure = null, ILoadBalancingStrategy? strategy = null) => new(
        endpoints,
        options =>
        {
            options.ActiveHealthCheck.Enabled = true;
            configure?.Invoke(options);
        },
        strategy);

    internal ClusterSettings Settings(LoadBalancingOptions options) => ClusterSettings.Of(options, _strategy, Time);

    /// <summary>Lists the endpoints with the lowest indexes.</summary>
    internal void List(int endpoints) => List([.. Enumerable.Range(0, endpoints)]);

    internal void List(params int[] indexes) => Cluster.Update(Described(indexes));

    internal void Reload(Action<LoadBalancingOptions> configure)
    {
        var options = new LoadBalancingOptions();
        configure(options);
        Cluster.Configure(Settings(options));
    }

    internal static EndpointDescription[] Described(params int[] indexes) =>
        [.. indexes.Select(static index => Backends.Described(Backends.AddressOf(index).ToString()))];

    /// <summary>Picks as a request does. The clock moves on by a tick, so that no two events have the same time.</summary>
    internal EndpointLease? Acquire(bool replayable = true, bool httpsOnly = false, params ClusterEndpoint[] excluded)
    {
        Tick();
        return Cluster.Acquire(new PickContext(new SeededRandom(1), "key", excluded: excluded), new EndpointNeeds(httpsOnly, replayable));
    }

    /// <summary>Sends a request to an endpoint that the test chooses.</summary>
    internal EndpointLease SendTo(int index)
    {
        Tick();
        return EndpointLease.TryTake(this[index], Time.GetTimestamp())!;
    }

    internal void End(EndpointLease lease, AttemptVerdict verdict, bool? answered = null, TimeSpan? setAside = null)
    {
        Tick();
        Cluster.Observe(lease, verdict, answered ?? verdict == AttemptVerdict.Success, setAside);
        lease.Release();
    }

    /// <summary>Ends a request with a rejection.</summary>
    internal void Reject(EndpointLease lease, TimeSpan asked)
    {
        Cluster.Observe(lease, AttemptVerdict.Success, isAnswered: true, asked, isRejected: true);
        lease.Release();
    }

    internal void Succeed(int index, int times = 1) => Repeat(times, () => End(SendTo(index), AttemptVerdict.Success));

    internal void Fail(int index, int times = 1) => Repeat(times, () => End(SendTo(index), AttemptVerdict.Failure));

    internal void Refuse(int index, int times = 1) => Repeat(times, () => End(SendTo(index), AttemptVerdict.Refused));

    /// <summary>Sends a request that is answered with good headers and a body that breaks off.</summary>
    internal void BreakOff(int index, int times = 1) => Repeat(times, () =>
    {
        var lease = SendTo(index);
        End(lease, AttemptVerdict.Success);
        Cluster.ObserveBody(lease, AttemptVerdict.Failure);
    });

    internal void Probe(int index, bool passes, int times = 1) => Repeat(times, () =>
    {
        Tick();
        Cluster.ObserveProbe(this[index], passes, Time.GetTimestamp());
    });

    internal void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Gets the length of an endpoint's ejection.</summary>
    internal TimeSpan EjectionTime(int index) => TimeSpan.FromTicks(this[index].Record.Ejection.Until - this[index].Record.Ejection.Began);

    /// <summary>Lets the time of an endpoint's ejection pass.</summary>
    internal void LetEjectionPass(int index)
    {
        var rest = this[index].Record.Ejection.Until - Time.GetTimestamp();
        if (rest > 0)
        {
            Time.Advance(TimeSpan.FromTicks(rest));
        }
    }

    /// <summary>Sends requests that succeed, and counts those that each of the first endpoints gets.</summary>
    internal int[] Spread(int requests, int endpoints, Random? random = null)
    {
        random ??= new SeededRandom(1);
        var counts = new int[endpoints];
        for (var i = 0; i < requests; i++)
        {
            var lease = Cluster.Acquire(new PickContext(random, $"key {i}", clientIp: new System.Net.IPAddress(i * 400_009L)), TestCluster.AnyEndpoint);
            Assert.NotNull(lease);
            lease.Release();
            counts[Enumerable.Range(0, endpoints).Single(index => Backends.AddressOf(index) == lease.Endpoint.Address)]++;
        }

        return counts;
    }

    internal int Count(EndpointHealth health) => Cluster.Endpoints.Count(endpoint => endpoint.Health == health);

    /// <summary>Gets the messages that were logged with an event id.</summary>
    internal List<string> Logged(int eventId) => [.. Log.Collector.GetSnapshot().Where(record => record.Id.Id == eventId).Select(static record => record.Message)];

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }

    private void Tick() => Time.Advance(TimeSpan.FromTicks(1));
}
