using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Knows which endpoints of a cluster are listed, which of them the client uses, which have left and only finish their requests, and which are
/// drained by hand. The caller of each method holds the cluster's lock.
/// </summary>
internal sealed class ClusterMembership
{
    private readonly Lock _lock;
    private readonly Action<ClusterEndpoint> _onIdle;
    private readonly HashSet<string> _drainedByHand = new(StringComparer.Ordinal);
    private readonly List<ClusterEndpoint> _leaving = [];
    private readonly InFlightTable _inFlight = new();
    private readonly Func<RequestWaits> _createWaits;
    private readonly PenaltyCount _penalties = new();
    private readonly RoomWatch _room;

    /// <param name="clusterLock">The cluster's lock.</param>
    /// <param name="onIdle">Called when no request is in flight at an endpoint that has left.</param>
    /// <param name="createWaits">Creates the count of waiting requests for a new endpoint.</param>
    /// <param name="room">Tells that an endpoint has room again.</param>
    internal ClusterMembership(Lock clusterLock, Action<ClusterEndpoint> onIdle, Func<RequestWaits> createWaits, RoomWatch room)
    {
        _room = room;
        _createWaits = createWaits;
        _lock = clusterLock;
        _onIdle = onIdle;
    }

    /// <summary>Gets the listed endpoints. The array is replaced, never changed.</summary>
    internal ClusterEndpoint[] Listed { get; private set; } = [];

    /// <summary>Gets the endpoints that the client uses: the listed ones, or its subset of them. The array is replaced, never changed.</summary>
    internal ClusterEndpoint[] Members { get; private set; } = [];

    /// <summary>Gets the endpoints that are no longer listed and have requests to finish.</summary>
    internal IReadOnlyList<ClusterEndpoint> Leaving => _leaving;

    /// <summary>Gets a value indicating whether any endpoint is drained by hand, listed or not.</summary>
    internal bool HasDrainsLocked
    {
        get
        {
            _lock.AssertHeld();
            return _drainedByHand.Count > 0;
        }
    }

    /// <summary>
    /// Replaces the listed endpoints by those that a source lists now. An endpoint whose address stays listed keeps its object and state.
    /// </summary>
    /// <returns>The changes, or <see langword="null"/> if there are none.</returns>
    internal MembershipChange? UpdateLocked(IReadOnlyList<EndpointDescription> listed)
    {
        _lock.AssertHeld();
        var described = new Dictionary<string, EndpointDescription>(listed.Count, StringComparer.Ordinal);
        foreach (var description in listed)
        {
            described.TryAdd(description.Address.Key, description);
        }

        if (described.Count == Listed.Length
            && Array.TrueForAll(Listed, member => described.TryGetValue(member.Location.Key, out var same) && member.IsDescribedBy(same)))
        {
            return null;
        }

        var unhealthyBefore = Listed.Concat(_leaving).Where(static endpoint => endpoint.Record.IsReportedUnhealthy).ToHashSet();
        var before = Listed.ToHashSet();
        var leavers = Array.FindAll(Listed, member => !described.ContainsKey(member.Location.Key));
        EndpointAlteration[] altered =
        [
            .. Listed
                .Where(member => described.TryGetValue(member.Location.Key, out var now) && !member.IsDescribedBy(now))
                .Select(member => new EndpointAlteration(member, member.Description, described[member.Location.Key])),
        ];
        Listed = KeepAndAdd(described);
        _leaving.AddRange(leavers);
        foreach (var endpoint in Listed)
        {
            endpoint.SetDescription(described[endpoint.Location.Key]);
            endpoint.Record.DrainReason = FindDrainReason(endpoint);
        }

        foreach (var endpoint in leavers)
        {
            endpoint.Record.DrainReason = "it is no longer listed";
        }

        return new MembershipChange(
            Listed.Length,
            Array.FindAll(Listed, member => !before.Contains(member)),
            leavers,
            altered,
            Array.FindAll(Listed, member => member.Record.IsReportedUnhealthy && !unhealthyBefore.Contains(member)),
            Array.FindAll(Listed, member => !member.Record.IsUnhealthy && unhealthyBefore.Contains(member)));
    }

    /// <summary>Sets which of the listed endpoints the client uses.</summary>
    internal void UseLocked(ClusterEndpoint[] members)
    {
        _lock.AssertHeld();
        if (ReferenceEquals(members, Members))
        {
            return;
        }

        var before = Members;
        Members = members;
        Array.ForEach(Listed, static endpoint => endpoint.Record.IsUsed = false);
        Array.ForEach(members, static endpoint => endpoint.Record.IsUsed = true);
        foreach (var endpoint in before)
        {
            if (!endpoint.Record.IsUsed)
            {
                endpoint.Record.ForgetPasses();
            }
        }
    }

    /// <summary>Counts the listed endpoints that would take the place of one that goes out.</summary>
    internal int CountReserveLocked()
    {
        _lock.AssertHeld();
        return Members.Length == Listed.Length ? 0 : Listed.Count(static endpoint => endpoint.Record is { IsUsed: false, IsOut: false });
    }

    /// <summary>Drains an endpoint until <see cref="ResumeLocked"/>.</summary>
    /// <returns>Whether the endpoint accepted requests before.</returns>
    internal bool DrainLocked(ClusterEndpoint endpoint)
    {
        _lock.AssertHeld();
        if (!_drainedByHand.Add(endpoint.Location.Key) || endpoint.Record.IsDraining)
        {
            return false;
        }

        endpoint.Record.DrainReason = FindDrainReason(endpoint);
        return true;
    }

    /// <summary>Ends a drain by hand, also of an endpoint that is not listed now.</summary>
    /// <param name="key">The key of the endpoint's address.</param>
    /// <param name="resumed">The endpoint, if it accepts requests again.</param>
    /// <returns>Whether the endpoint was drained by hand.</returns>
    internal bool ResumeLocked(string key, out ClusterEndpoint? resumed)
    {
        _lock.AssertHeld();
        resumed = null;
        if (!_drainedByHand.Remove(key))
        {
            return false;
        }

        if (FindLocked(key) is { } endpoint && FindDrainReason(endpoint) is null)
        {
            endpoint.Record.DrainReason = null;
            resumed = endpoint;
        }

        return true;
    }

    internal ClusterEndpoint? FindLocked(string key)
    {
        _lock.AssertHeld();
        return Array.Find(Listed, member => member.Location.Key == key);
    }

    internal bool IsListedLocked(ClusterEndpoint endpoint)
    {
        _lock.AssertHeld();

        // Array.IndexOf would call Equals for each member, which is slower.
        foreach (var member in Listed)
        {
            if (ReferenceEquals(member, endpoint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether the endpoint is listed, or has left and has requests to finish.</summary>
    internal bool IsKnownLocked(ClusterEndpoint endpoint) => IsListedLocked(endpoint) || _leaving.Contains(endpoint);

    /// <summary>
    /// Forgets the endpoints that have left and have no request in flight, all at once because they may be thousands. For each of the others, registers the
    /// callback for when it has none.
    /// </summary>
    /// <returns>Whether any endpoint was forgotten.</returns>
    internal bool ForgetOrWatchLeaversLocked()
    {
        _lock.AssertHeld();

        // This pairs with the interlocked increment of a lease: either this thread sees the request, or the request sees that the endpoint is drained.
        Interlocked.MemoryBarrier();
        var forgotten = _leaving.RemoveAll(endpoint =>
        {
            if (endpoint.InFlight != 0)
            {
                return false;
            }

            Forget(endpoint);
            return true;
        });

        foreach (var endpoint in _leaving.ToArray())
        {
            endpoint.CallWhenIdle(_onIdle);
        }

        return forgotten > 0;
    }

    /// <summary>Forgets an endpoint that has left, if no request is in flight there.</summary>
    /// <returns>
    /// Whether the endpoint was forgotten. It is not if it was listed again, or if a late request took a lease after the endpoint was seen
    /// idle.
    /// </returns>
    internal bool ForgetLocked(ClusterEndpoint endpoint)
    {
        _lock.AssertHeld();
        if (endpoint.InFlight != 0 || !_leaving.Remove(endpoint))
        {
            return false;
        }

        Forget(endpoint);
        return true;
    }

    private void Forget(ClusterEndpoint endpoint)
    {
        endpoint.RemoveIdleCallback(_onIdle);
        endpoint.LoadPenalty.Clear();
    }

    // Endpoints that stay keep their order, so that an endpoint's index does not depend on the order in which a source lists them.
    private ClusterEndpoint[] KeepAndAdd(Dictionary<string, EndpointDescription> described)
    {
        var members = new List<ClusterEndpoint>(described.Count);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Listed)
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
                var endpoint = TakeBack(key) ?? new ClusterEndpoint(description, _inFlight.Take(described.Count), _createWaits(), _penalties, _room);
                if (Listed.Length > 0)
                {
                    endpoint.Record.Ramp.MarkOut();
                }

                members.Add(endpoint);
            }
        }

        return [.. members];
    }

    // An endpoint that is listed again before its last request has finished is still the same object.
    private ClusterEndpoint? TakeBack(string key)
    {
        var endpoint = _leaving.Find(leaver => leaver.Location.Key == key);
        if (endpoint is not null)
        {
            endpoint.RemoveIdleCallback(_onIdle);
            _leaving.Remove(endpoint);
        }

        return endpoint;
    }

    private string? FindDrainReason(ClusterEndpoint endpoint) =>
        _drainedByHand.Contains(endpoint.Location.Key) ? "it was drained by hand" : endpoint.DescribedDrainReason;
}
