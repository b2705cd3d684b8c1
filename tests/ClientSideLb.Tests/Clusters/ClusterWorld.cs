using Microsoft.Extensions.Logging.Abstractions;

namespace ClientSideLb.Tests;

/// <summary>
/// A cluster, its actors, and a model of it. After each step, <see cref="Check"/> compares the cluster with the model.
/// </summary>
internal sealed class ClusterWorld
{
    private static readonly TimeSpan Rejection = TimeSpan.FromSeconds(7);
    private static readonly StubStrategy First = new("First");
    private static readonly SeededRandom Random = new(1);
    private static readonly EndpointDescription[] Descriptions = ClusterLab.Described(0, 1, 2, 3, 4);

    private readonly ClusterLab _lab;
    private readonly int _count;
    private readonly bool _probed;
    private readonly Dictionary<string, EndpointLease> _held = [];
    private readonly HashSet<string> _ended = [];
    private readonly Dictionary<string, (ClusterEndpoint Endpoint, long Started)> _probes = [];
    private readonly HashSet<int> _drained = [];
    private readonly HashSet<int> _unlisted = [];
    private readonly HashSet<ClusterEndpoint> _answered = [];
    private readonly HashSet<ClusterEndpoint> _askedForTime = [];
    private readonly Dictionary<ClusterEndpoint, long> _rejectsUntil = [];
    private readonly List<ClusterEndpoint> _seen = [];
    private readonly Dictionary<ClusterEndpoint, int> _indexes = [];
    private readonly Dictionary<ClusterEndpoint, State> _before = [];
    private bool _enabled = true;

    // The effects that the current step may have on an endpoint.
    private ClusterEndpoint? _mayReturn;
    private ClusterEndpoint? _mayBeEjected;
    private ClusterEndpoint? _mayBeEjectedAgain;
    private bool _anyMayReturn;
    private bool _refused;

    internal ClusterWorld(int endpoints, bool probed)
    {
        _count = endpoints;
        _probed = probed;
        _lab = new ClusterLab(endpoints, Configure, First, logger: NullLogger.Instance);
        Look();
    }

    private Cluster Cluster => _lab.Cluster;

    private bool IsProbed => _probed && _enabled;

    /// <summary>Ejects an endpoint, and lets the time of its ejection pass.</summary>
    internal void EjectAndLetTimePass(int endpoint)
    {
        for (var i = 0; i < _count; i++)
        {
            Do((world, name) => world.Send(name, i), "begin");
            Do(static (world, name) => world.EndAndRelease(name, Actor.Outcome.Succeeds), "begin");
        }

        Do((world, name) => world.Send(name, endpoint), "begin");
        Do(static (world, name) => world.EndAndRelease(name, Actor.Outcome.Fails), "begin");
        Require(At(endpoint).Health == EndpointHealth.Ejected, "the endpoint is ejected to begin with");
        Do(static (world, _) => world.Advance(seconds: 15), "begin");
    }

    internal void Do(Action<ClusterWorld, string> step, string actor)
    {
        Look();
        (_mayReturn, _mayBeEjected, _mayBeEjectedAgain, _anyMayReturn, _refused) = (null, null, null, false, false);
        _lab.Time.Advance(TimeSpan.FromTicks(1));
        step(this, actor);
        Check();
    }

    internal void Pick(string name)
    {
        var inPanic = Cluster.InPanic;
        var lease = Cluster.Acquire(new PickContext(Random, "key"), TestCluster.AnyEndpoint);
        if (lease is null)
        {
            Require(Cluster.Snapshot.GetView(httpsOnly: false).Set.All.All(IsBarred), "a request finds an endpoint as long as one is neither drained nor rejects");
            return;
        }

        var endpoint = lease.Endpoint;
        Require(!IsBarred(endpoint), "an endpoint that is drained or rejects is not picked");
        Require(lease.IsTrial ? endpoint.Health == EndpointHealth.Ejected : inPanic || endpoint.IsAvailable, "an endpoint that is out gets only its trial");
        Hold(name, lease);
    }

    internal void Send(string name, int endpoint)
    {
        if (!_unlisted.Contains(endpoint))
        {
            Hold(name, EndpointLease.TryTake(At(endpoint), Now)!);
        }
    }

    internal void End(string name, Actor.Outcome outcome)
    {
        if (!_held.TryGetValue(name, out var lease))
        {
            return;
        }

        if (outcome == Actor.Outcome.IsCancelledLate)
        {
            _lab.Advance(seconds: 1);
        }

        var endpoint = lease.Endpoint;
        var sentSince = endpoint.Record.Ejection.IsEjected && lease.Started > endpoint.Record.Ejection.Began;
        var isRejected = outcome == Actor.Outcome.IsRejected;
        var (verdict, setAside) = Meaning(outcome);
        _mayReturn = sentSince && verdict == AttemptVerdict.Success && setAside is null ? endpoint : null;
        _mayBeEjected = verdict is not (AttemptVerdict.Success or AttemptVerdict.Neutral) || setAside is not null ? endpoint : null;
        _mayBeEjectedAgain = sentSince && lease.IsTrial ? _mayBeEjected : null;
        _refused = verdict == AttemptVerdict.Refused;
        if (verdict == AttemptVerdict.Success)
        {
            _answered.Add(endpoint);
        }

        _ended.Add(name);
        if (isRejected && _enabled && Cluster.Endpoints.Contains(endpoint))
        {
            _rejectsUntil[endpoint] = Now + Rejection.Ticks;
        }

        Cluster.Observe(lease, verdict, isAnswered: verdict == AttemptVerdict.Success || setAside is not null, isRejected ? Rejection : setAside, isRejected);
        if (endpoint.Record.Ejection.IsEjected && endpoint.Record.Ejection.Began == Now)
        {
            _ = setAside is null ? _askedForTime.Remove(endpoint) : _askedForTime.Add(endpoint);
        }
    }

    internal void Release(string name)
    {
        if (_held.Remove(name, out var lease))
        {
            lease.Release();
            lease.Release();
        }
    }

    internal void EndAndRelease(string name, Actor.Outcome outcome)
    {
        End(name, outcome);
        Release(name);
    }

    internal void StartProbe(string name, int endpoint)
    {
        if (!_unlisted.Contains(endpoint) && IsProbed)
        {
            _probes[name] = (At(endpoint), Now);
        }
    }

    internal void EndProbe(string name, bool passes)
    {
        if (!_probes.TryGetValue(name, out var probe))
        {
            return;
        }

        var endpoint = probe.Endpoint;
        _mayReturn = passes && probe.Started >= (_askedForTime.Contains(endpoint) ? endpoint.Record.Ejection.Until : endpoint.Record.Ejection.Began) ? endpoint : null;
        if (passes && IsProbed && Cluster.Snapshot.GetView(httpsOnly: false).Set.All.Contains(endpoint))
        {
            _answered.Add(endpoint);
        }

        Cluster.ObserveProbe(endpoint, passes, probe.Started);
    }

    internal void Drain(int endpoint)
    {
        if (Cluster.TryDrain(AddressOf(endpoint)))
        {
            _drained.Add(endpoint);
        }
        else
        {
            Require(_unlisted.Contains(endpoint), "a listed endpoint can be drained");
        }
    }

    internal void Resume(int endpoint)
    {
        Cluster.TryResume(AddressOf(endpoint));
        _drained.Remove(endpoint);
    }

    internal void Unlist(int endpoint)
    {
        _unlisted.Add(endpoint);
        List();
    }

    internal void Relist(int endpoint)
    {
        _unlisted.Remove(endpoint);
        List();
    }

    internal void Reload(bool enabled)
    {
        _enabled = enabled;
        if (!enabled)
        {
            _rejectsUntil.Clear();
        }

        _anyMayReturn = !enabled;
        _lab.Reload(Configure);
    }

    internal void Advance(double seconds) => _lab.Advance(seconds);

    /// <summary>Lets everything end well. Then every endpoint must be back.</summary>
    internal void Finish()
    {
        foreach (var name in _held.Keys.ToList())
        {
            Do(
                static (world, name) =>
                {
                    if (!world._ended.Contains(name))
                    {
                        world.End(name, Actor.Outcome.EndsNeutrally);
                    }

                    world.Release(name);
                },
                name);
        }

        for (var i = 0; i < _count; i++)
        {
            var endpoint = i;
            Do((world, _) => world.Resume(endpoint), "end");
            Do((world, _) => world.Relist(endpoint), "end");
        }

        Do(static (world, _) => world.Advance(seconds: 3600), "end");
        foreach (var ill in Cluster.Snapshot.GetView(httpsOnly: false).Set.All.Where(static endpoint => endpoint.Record.Probes.IsUnhealthy).ToList())
        {
            _probes["end"] = (ill, 0);
            Do(static (world, name) => world.EndProbe(name, passes: true), "end");
        }

        // In panic a request may meet an endpoint that is back already.
        for (var requests = 0; requests < 3 * _count && Cluster.Endpoints.Any(static endpoint => endpoint.Health == EndpointHealth.Ejected); requests++)
        {
            var inPanic = Cluster.InPanic;
            Do(static (world, name) => world.Pick(name), "end");
            Require(inPanic || _held["end"].IsTrial, "once time has passed, an ejected endpoint gets its trial, or in panic any request");
            Do(static (world, name) => world.EndAndRelease(name, Actor.Outcome.Succeeds), "end");
        }

        Require(Cluster.Endpoints.Count == _count, "all endpoints are there");
        Require(Cluster.Endpoints.All(static endpoint => endpoint.InFlight == 0), "nothing is in flight");
        Require(
            Cluster.Endpoints.All(static endpoint => endpoint.Health is EndpointHealth.Healthy or EndpointHealth.Unknown),
            "every endpoint is back");
    }

    public override string ToString() =>
        string.Join("; ", Cluster.Endpoints.Select(static endpoint => $"{endpoint.Address.Host} {endpoint.Health}, in flight {endpoint.InFlight}, available {endpoint.IsAvailable}"));

    private long Now => _lab.Time.GetTimestamp();

    private void Configure(LoadBalancingOptions options)
    {
        options.OutlierDetection.ConsecutiveFailures = 1;
        options.OutlierDetection.Enabled = _enabled;
        options.Failover.MoveRejected = _enabled;
        options.ActiveHealthCheck.Enabled = IsProbed;
        options.ActiveHealthCheck.UnhealthyThreshold = 1;
    }

    private void List()
    {
        Cluster.Update([.. Descriptions.Take(_count).Where((_, index) => !_unlisted.Contains(index))]);
        Look();
    }

    private static Uri AddressOf(int endpoint) => Descriptions[endpoint].Address.Uri;

    private ClusterEndpoint At(int index) => Cluster.Endpoints.Single(endpoint => _indexes[endpoint] == index);

    private void Hold(string name, EndpointLease lease)
    {
        _held[name] = lease;
        _ended.Remove(name);
    }

    private bool IsDrained(ClusterEndpoint endpoint) => _drained.Contains(_indexes[endpoint]) || _unlisted.Contains(_indexes[endpoint]);

    private bool Rejects(ClusterEndpoint endpoint) => _rejectsUntil.TryGetValue(endpoint, out var until) && until > Now;

    private bool IsBarred(ClusterEndpoint endpoint) => IsDrained(endpoint) || Rejects(endpoint);

    private static (AttemptVerdict Verdict, TimeSpan? SetAside) Meaning(Actor.Outcome outcome) => outcome switch
    {
        Actor.Outcome.Succeeds or Actor.Outcome.IsRejected => (AttemptVerdict.Success, null),
        Actor.Outcome.Fails => (AttemptVerdict.Failure, null),
        Actor.Outcome.IsRefused => (AttemptVerdict.Refused, null),
        Actor.Outcome.IsCancelled or Actor.Outcome.IsCancelledLate => (AttemptVerdict.Abandoned, null),
        Actor.Outcome.SucceedsWithRetryAfter => (AttemptVerdict.Success, TimeSpan.FromSeconds(5)),
        Actor.Outcome.FailsWithRetryAfter => (AttemptVerdict.Failure, TimeSpan.FromSeconds(5)),
        _ => (AttemptVerdict.Neutral, null),
    };

    // Records the state before a step, and adds new endpoints.
    private void Look()
    {
        foreach (var endpoint in Cluster.Endpoints)
        {
            if (!_before.ContainsKey(endpoint))
            {
                _seen.Add(endpoint);
                _indexes[endpoint] = Array.FindIndex(Descriptions, description => description.Address.Key == endpoint.Location.Key);
            }
        }

        var all = Cluster.Snapshot.GetView(httpsOnly: false).Set.All;
        var available = all.Count(static endpoint => endpoint.IsAvailable);
        foreach (var endpoint in _seen)
        {
            _before[endpoint] = new State(endpoint.Record.Ejection.IsEjected, endpoint.Record.Ejection.Began, endpoint.IsAvailable, available, all.Count);
        }
    }

    private void Check()
    {
        foreach (var endpoint in _seen)
        {
            CheckEjection(endpoint, _before[endpoint]);
            CheckTrial(endpoint);
            Require(
                endpoint.InFlight == _held.Values.Count(lease => ReferenceEquals(lease.Endpoint, endpoint)),
                "the count in flight is the number of held leases");
        }

        CheckMembership();
        CheckAvailability();
    }

    private void CheckEjection(ClusterEndpoint endpoint, State before)
    {
        var ejection = endpoint.Record.Ejection;
        if (ejection.IsEjected && !before.IsEjected)
        {
            Require(ReferenceEquals(endpoint, _mayBeEjected), "an endpoint is ejected for its own failure");
            Require(before.IsAvailable && before.Available > 1, "the last available endpoint is never ejected");
            Require(
                _refused || before.Members - before.Available + 1 <= Math.Max(1, before.Members / 2),
                "no more are out on suspicion than the ratio allows, or one");
        }
        else if (ejection.IsEjected && ejection.Began != before.Began)
        {
            Require(ReferenceEquals(endpoint, _mayBeEjectedAgain), "an ejected endpoint is ejected again only by its trial");
        }
        else if (!ejection.IsEjected && before.IsEjected)
        {
            Require(
                _anyMayReturn || ReferenceEquals(endpoint, _mayReturn),
                "an endpoint comes back only by a success sent, or a probe started, after its ejection");
        }
        else if (ReferenceEquals(endpoint, _mayReturn) && ejection.IsEjected)
        {
            Require(!Cluster.Snapshot.Endpoints.Contains(endpoint) || endpoint.Record.Probes.IsUnhealthy || IsDrained(endpoint), "a success brings an endpoint back");
        }
    }

    private void CheckTrial(ClusterEndpoint endpoint)
    {
        var ejection = endpoint.Record.Ejection;
        var now = _lab.Time.GetTimestamp();
        var youngest = now - Cluster.Settings.Outliers.UnansweredWait;
        var trials = _held.Count(held => held.Value.IsTrial && !_ended.Contains(held.Key)
            && ReferenceEquals(held.Value.Endpoint, endpoint) && held.Value.Started > ejection.Began && held.Value.Started > youngest);
        if (ejection.IsEjected)
        {
            Require(trials <= 1, "there is one trial at a time, unless one takes too long");
            Require(trials == 0 || ejection.TrialDue > now, "no trial can begin while one is under way that has not taken too long");
        }
    }

    private void CheckMembership()
    {
        var expected = Enumerable.Range(0, _count).Where(index => !_unlisted.Contains(index))
            .Concat(_held.Values.Select(lease => _indexes[lease.Endpoint])).ToHashSet();
        Require(
            expected.SetEquals(Cluster.Endpoints.Select(endpoint => _indexes[endpoint])) && expected.Count == Cluster.Endpoints.Count,
            "the endpoints are those that are listed, and those that have requests to finish");
    }

    private void CheckAvailability()
    {
        var members = Cluster.Snapshot.GetView(httpsOnly: false).Set.All;
        foreach (var endpoint in Cluster.Endpoints)
        {
            var health = IsDrained(endpoint) ? EndpointHealth.Draining
                : endpoint.Record.Probes.IsUnhealthy ? EndpointHealth.Unhealthy
                : endpoint.Record.Ejection.IsEjected || Rejects(endpoint) ? EndpointHealth.Ejected
                : _answered.Contains(endpoint) ? EndpointHealth.Healthy
                : EndpointHealth.Unknown;
            Require(endpoint.Health == health, $"health shows the strongest state, {health}");
        }

        var anyHealthy = members.Any(static endpoint => endpoint.Health == EndpointHealth.Healthy && endpoint.Record.Probes.HasPassed);
        foreach (var endpoint in Cluster.Endpoints)
        {
            var available = endpoint.Health == EndpointHealth.Healthy || (endpoint.Health == EndpointHealth.Unknown && !(IsProbed && anyHealthy));
            Require(endpoint.IsAvailable == available, "an endpoint is available unless it is out");
        }

        var inPanic = members.Any(endpoint => !IsBarred(endpoint)) && members.All(static endpoint => !endpoint.IsAvailable || endpoint.Record.IsSuspect);
        Require(Cluster.InPanic == inPanic, "there is panic just when none is available, or the only one fails like the others");
        Require(
            Cluster.Snapshot.GetView(httpsOnly: false).Set.Available.SequenceEqual(members.Where(endpoint => inPanic ? !IsBarred(endpoint) : endpoint.IsAvailable)),
            "the snapshot holds the available ones, or in panic all but those that are drained or reject");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"It does not hold that {what}.");
        }
    }

    private readonly record struct State(bool IsEjected, long Began, bool IsAvailable, int Available, int Members);
}
