using Microsoft.Extensions.Logging;

namespace ClientSideLb;

/// <summary>
/// The endpoints of one service as one client sees them. Writers take turns and publish a new <see cref="ClusterSnapshot"/>;
/// requests read the latest one without a lock.
/// </summary>
internal sealed class Cluster : ICluster
{
    private readonly Lock _writer = new();
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly HashSet<string> _drainedByHand = new(StringComparer.Ordinal);
    private readonly List<ClusterEndpoint> _leaving = [];
    private ClusterEndpoint[] _members = [];
    private bool _unpublished;
    private volatile ClusterSettings _settings;
    private volatile ClusterSnapshot _snapshot = ClusterSnapshot.Empty;

    internal Cluster(string clientName, string serviceName, ClusterSettings settings, TimeProvider time, Random random, ILogger logger)
    {
        ClientName = clientName;
        ServiceName = serviceName;
        _settings = settings;
        _time = time;
        _random = random;
        _logger = logger;
    }

    public string ClientName { get; }

    public string ServiceName { get; }

    public string Strategy => _settings.Strategy.Name;

    public IReadOnlyList<ClusterEndpoint> Endpoints => _snapshot.Endpoints;

    internal ClusterSnapshot Snapshot => _snapshot;

    /// <summary>Picks an endpoint and takes a lease on it, or returns <see langword="null"/> where none may be picked.</summary>
    /// <param name="context">What the pick may depend on.</param>
    /// <param name="httpsOnly">Whether the request must not go over plain http.</param>
    internal EndpointLease? Acquire(in PickContext context, bool httpsOnly)
    {
        while (true)
        {
            var snapshot = httpsOnly ? _snapshot.Https : _snapshot;
            if (snapshot.Pick(in context) is not { } endpoint)
            {
                return null;
            }

            var lease = new EndpointLease(endpoint, _time);
            if (endpoint.IsAvailable)
            {
                return lease;
            }

            // A drain began between the pick and the lease. Whoever waits for the endpoint to be idle may have seen it idle
            // by now, so the request must go elsewhere.
            lease.Release();
        }
    }

    /// <summary>Takes over the set of endpoints that a source lists now. Endpoints keep their identity by address.</summary>
    internal void Update(IReadOnlyList<EndpointDescription> listed)
    {
        lock (_writer)
        {
            var described = new Dictionary<string, EndpointDescription>(listed.Count, StringComparer.Ordinal);
            foreach (var description in listed)
            {
                described.TryAdd(description.Address.Key, description);
            }

            if (!_unpublished
                && described.Count == _members.Length
                && Array.TrueForAll(_members, member => described.TryGetValue(member.Location.Key, out var same) && member.IsDescribedBy(same)))
            {
                return;
            }

            var leavers = Array.FindAll(_members, member => !described.ContainsKey(member.Location.Key));
            _members = KeepAndAdd(described);
            _leaving.AddRange(leavers);
            foreach (var endpoint in _members)
            {
                endpoint.Describe(described[endpoint.Location.Key]);
                endpoint.IsDraining = ShouldDrain(endpoint);
            }

            foreach (var endpoint in leavers)
            {
                endpoint.IsDraining = true;
            }

            Publish();
            foreach (var endpoint in _leaving.ToArray())
            {
                endpoint.WhenIdle(Forget);
            }

            _logger.EndpointsChanged(ClientName, ServiceName, _members.Length, leavers.Length);
        }
    }

    /// <summary>Takes over a changed strategy or its settings.</summary>
    internal void Configure(ClusterSettings settings)
    {
        lock (_writer)
        {
            if (_settings != settings)
            {
                // The new strategy may fail, and then the old one stays.
                Publish(settings);
                _settings = settings;
            }
        }
    }

    public bool TryDrain(Uri address)
    {
        lock (_writer)
        {
            if (Find(address) is not { } endpoint)
            {
                return false;
            }

            if (_drainedByHand.Add(endpoint.Location.Key) && !endpoint.IsDraining)
            {
                endpoint.IsDraining = true;
                Publish();
                _logger.DrainBegan(ClientName, ServiceName, endpoint.Address);
            }

            return true;
        }
    }

    public bool TryResume(Uri address)
    {
        lock (_writer)
        {
            var endpoint = Find(address);
            var remembered = EndpointAddress.WhyNot(address) is null && _drainedByHand.Remove(new EndpointAddress(address).Key);
            if (remembered && endpoint is not null && !ShouldDrain(endpoint))
            {
                endpoint.IsDraining = false;
                Publish();
                _logger.Resumed(ClientName, ServiceName, endpoint.Address);
            }

            return remembered || endpoint is not null;
        }
    }

    // Survivors keep their order, so that an endpoint's place does not depend on the order in which a source happens to list them.
    private ClusterEndpoint[] KeepAndAdd(Dictionary<string, EndpointDescription> described)
    {
        var members = new List<ClusterEndpoint>(described.Count);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _members)
        {
            if (described.ContainsKey(member.Location.Key))
            {
                members.Add(member);
                known.Add(member.Location.Key);
            }
        }

        foreach (var (key, description) in described)
        {
            if (!known.Contains(key))
            {
                members.Add(Return(key) ?? new ClusterEndpoint(description));
            }
        }

        return [.. members];
    }

    // An endpoint that comes back before its last request has finished is the one it was.
    private ClusterEndpoint? Return(string key)
    {
        var endpoint = _leaving.Find(leaver => leaver.Location.Key == key);
        if (endpoint is not null)
        {
            endpoint.WhenIdle(null);
            _leaving.Remove(endpoint);
        }

        return endpoint;
    }

    private void Forget(ClusterEndpoint endpoint)
    {
        lock (_writer)
        {
            // It may have come back, or a late request may have taken a lease, since it was seen idle.
            if (endpoint.InFlight == 0 && _leaving.Remove(endpoint))
            {
                _snapshot = _snapshot.WithLeaving(_leaving);
            }
        }
    }

    private bool ShouldDrain(ClusterEndpoint endpoint) =>
        endpoint.Weight == 0 || _drainedByHand.Contains(endpoint.Location.Key);

    private ClusterEndpoint? Find(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (EndpointAddress.WhyNot(address) is not null)
        {
            return null;
        }

        var key = new EndpointAddress(address).Key;
        return Array.Find(_members, member => member.Location.Key == key);
    }

    // A strategy of the application's may fail to make a picker: what could not be published is tried again with the next update.
    private void Publish()
    {
        _unpublished = true;
        Publish(_settings);
    }

    private void Publish(ClusterSettings settings)
    {
        _snapshot = ClusterSnapshot.Create(_members, _leaving, settings, _random, _snapshot);
        _unpublished = false;
    }
}
