using Microsoft.Extensions.Logging.Abstractions;

namespace ClientSideLb.Tests;

/// <summary>All actors at once, on real threads.</summary>
public sealed class ClusterStressTests
{
    private const int Endpoints = 4;
    private const int Requesters = 4;
    private const int RequestsEach = 15_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly ClusterLab _lab = new(
        Endpoints,
        static options =>
        {
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.UnhealthyThreshold = 1;
            options.OutlierDetection.ConsecutiveFailures = 2;
            options.SlowStart = TimeSpan.FromSeconds(10);
            options.Failover.MoveRejected = true;
        },
        new PowerOfTwoChoicesStrategy(),
        new SeededRandom(1),
        NullLogger.Instance);

    private readonly ClusterEndpoint?[] _closed = new ClusterEndpoint?[Endpoints];
    private int _requesting = Requesters;

    private bool IsRunning => Volatile.Read(ref _requesting) > 0;

    [Fact]
    public void Requests_probes_drains_discovery_reloads_and_the_clock_together_leave_nothing_behind()
    {
        var forgotten = _lab[3];
        Action<int>[] others = [Probe, Drain, Discover, Reload, MoveClock];

        Concurrently.Run(Requesters + others.Length, index =>
        {
            if (index < Requesters)
            {
                Send(index);
            }
            else
            {
                others[index - Requesters](index);
            }
        });

        Assert.Equal(0, forgotten.InFlight);
        Settle();
        Assert.Equal(Enumerable.Range(0, Endpoints).Select(Backends.AddressOf).ToHashSet(), [.. _lab.Cluster.Endpoints.Select(static endpoint => endpoint.Address)]);
        Assert.Equal(Endpoints, _lab.Cluster.Endpoints.Count);
        Assert.All(_lab.Cluster.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
        Assert.All(_lab.Cluster.Endpoints, static endpoint => Assert.Equal(EndpointHealth.Healthy, endpoint.Health));
        Assert.All(_lab.Cluster.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
        Assert.All(_lab.Cluster.Endpoints, static endpoint => Assert.Equal(100, endpoint.Record.Ramp.Percent));
        Assert.False(_lab.Cluster.InPanic);
        Assert.Equal(_lab.Cluster.Snapshot.GetView(httpsOnly: false).Set.All, _lab.Cluster.Snapshot.GetView(httpsOnly: false).Set.Available);
    }

    private void Send(int seed)
    {
        var random = new Random(seed);
        var open = new Queue<EndpointLease>();
        try
        {
            for (var i = 0; i < RequestsEach; i++)
            {
                if (_lab.Cluster.Acquire(new PickContext(random), new EndpointNeeds(HttpsOnly: false, IsReplayable: random.Next(2) == 0)) is { } lease)
                {
                    // No request may get an endpoint that was idle after its drain.
                    Assert.DoesNotContain(_closed, closed => ReferenceEquals(closed, lease.Endpoint));
                    End(lease, random.Next(13));
                    open.Enqueue(lease);
                }

                if (open.Count > 5)
                {
                    open.Dequeue().Release();
                }
            }
        }
        finally
        {
            while (open.TryDequeue(out var lease))
            {
                lease.Release();
            }

            Interlocked.Decrement(ref _requesting);
        }
    }

    private void End(EndpointLease lease, int outcome)
    {
        var (verdict, setAside) = outcome switch
        {
            < 6 => (AttemptVerdict.Success, (TimeSpan?)null),
            6 or 7 => (AttemptVerdict.Failure, null),
            8 => (AttemptVerdict.Refused, null),
            9 => (AttemptVerdict.Abandoned, null),
            10 => (AttemptVerdict.Neutral, null),
            _ => (AttemptVerdict.Success, LongestPause),
        };
        _lab.Cluster.Observe(lease, verdict, isAnswered: verdict == AttemptVerdict.Success, setAside, isRejected: outcome == 12);
    }

    private void Probe(int seed)
    {
        var random = new Random(seed);
        while (IsRunning)
        {
            var all = _lab.Cluster.Snapshot.GetView(httpsOnly: false).Set.All;
            if (all.Count > 0)
            {
                _lab.Cluster.ObserveProbe(all[random.Next(all.Count)], random.Next(4) > 0, _lab.Time.GetTimestamp());
            }
        }
    }

    private void Drain(int seed)
    {
        var random = new Random(seed);
        while (IsRunning)
        {
            var index = random.Next(2);
            var endpoint = _lab[index];
            _lab.Cluster.TryDrain(endpoint.Address);
            while (endpoint.InFlight > 0 && IsRunning)
            {
                Thread.Yield();
            }

            if (endpoint.InFlight == 0)
            {
                Volatile.Write(ref _closed[index], endpoint);
                Thread.Yield();
                Volatile.Write(ref _closed[index], null);
            }

            _lab.Cluster.TryResume(endpoint.Address);
        }
    }

    private void Discover(int seed)
    {
        while (IsRunning)
        {
            _lab.List(0, 1);
            Thread.Yield();
            _lab.List(1, 2, 0);
            Thread.Yield();
            _lab.List(0, 1, 2, 3);
        }
    }

    private void Reload(int seed)
    {
        var random = new Random(seed);
        while (IsRunning)
        {
            var options = new LoadBalancingOptions { SlowStart = TimeSpan.FromSeconds(random.Next(2) * 10) };
            options.ActiveHealthCheck.Enabled = random.Next(4) > 0;
            options.OutlierDetection.Enabled = random.Next(4) > 0;
            options.OutlierDetection.ConsecutiveFailures = 2;
            options.Failover.MoveRejected = random.Next(4) > 0;
            _lab.Cluster.Configure(_lab.Settings(options));
            Thread.Yield();
        }
    }

    private void MoveClock(int seed)
    {
        while (IsRunning)
        {
            _lab.Advance(seconds: 0.5);
            Thread.Yield();
        }
    }

    // Lists, resumes and probes all endpoints, and lets slow start end.
    private void Settle()
    {
        _lab.Cluster.Configure(_lab.Settings(_lab.Options));
        _lab.List(Endpoints);

        // An endpoint that asked for a pause gets all of it, although it passes probes.
        _lab.Time.Advance(LongestPause);
        for (var i = 0; i < Endpoints; i++)
        {
            _lab.Cluster.TryResume(Backends.AddressOf(i));
            _lab.Probe(i, passes: true);
        }

        Assert.All(_lab.Cluster.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Ejected, endpoint.Health));
        for (var step = 0; step < 20; step++)
        {
            _lab.Advance(seconds: 1);
        }
    }
}
