namespace ClientSideLb;

/// <summary>A cluster at one moment: immutable, replaced as a whole, read without a lock.</summary>
internal sealed class ClusterSnapshot
{
    /// <summary>The snapshot of a cluster that has not learnt of any endpoint. Nothing is ever drawn from its numbers.</summary>
    internal static readonly ClusterSnapshot Empty =
        new([], new EndpointSet([], [], new Random(Seed: 0), RingSettings.Default, previousPicker: null), NoEndpointPicker.Instance, strategy: null, default);

    private readonly ILoadBalancingStrategy? _strategy;
    private readonly Availability _availability;

    private ClusterSnapshot(ClusterEndpoint[] endpoints, EndpointSet set, EndpointPicker picker, ILoadBalancingStrategy? strategy, Availability availability)
    {
        Endpoints = endpoints;
        Set = set;
        Picker = picker;
        Https = this;
        _strategy = strategy;
        _availability = availability;
    }

    /// <summary>Gets every endpoint the cluster knows, also those that discovery no longer lists and that have requests to finish.</summary>
    internal ClusterEndpoint[] Endpoints { get; }

    internal EndpointSet Set { get; }

    internal EndpointPicker Picker { get; }

    /// <summary>Gets a value indicating whether so few endpoints are available that all but the drained are used.</summary>
    internal bool InPanic => _availability.InPanic;

    /// <summary>Gets the snapshot for requests that must not go over plain http: this one where every endpoint is https.</summary>
    internal ClusterSnapshot Https { get; private init; }

    /// <summary>Makes a snapshot of the given members; <paramref name="leaving"/> are those that only finish their requests.</summary>
    internal static ClusterSnapshot Create(
        ClusterEndpoint[] members, List<ClusterEndpoint> leaving, ClusterSettings settings, Random random, ClusterSnapshot previous)
    {
        var endpoints = Join(members, leaving);
        var snapshot = Create(endpoints, members, settings, random, previous);
        if (Array.TrueForAll(members, static endpoint => endpoint.Location.IsHttps))
        {
            return snapshot;
        }

        // The list stays the same object while the members do, so that what a strategy computed from it can be kept.
        var https = ReferenceEquals(members, previous.Set.AllArray)
            ? previous.Https.Set.AllArray
            : Array.FindAll(members, static endpoint => endpoint.Location.IsHttps);
        return snapshot.WithHttps(Create(endpoints, https, settings, random, previous.Https));
    }

    /// <summary>Makes the same snapshot with other endpoints that only finish their requests.</summary>
    internal ClusterSnapshot WithLeaving(List<ClusterEndpoint> leaving)
    {
        var same = new ClusterSnapshot(Join(Set.AllArray, leaving), Set, Picker, _strategy, _availability);
        return ReferenceEquals(Https, this) ? same : same.WithHttps(Https);
    }

    /// <summary>Picks an endpoint that accepts requests and is not excluded, or <see langword="null"/> where there is none.</summary>
    internal ClusterEndpoint? Pick(in PickContext context)
    {
        var endpoint = Picker.Pick(in context);
        return endpoint is null || (_availability.Permits(endpoint) && !context.IsExcluded(endpoint))
            ? endpoint
            : FirstPermitted(in context);
    }

    /// <summary>Picks any endpoint that is out but not drained and not excluded: the last resort when no other is left untried.</summary>
    internal ClusterEndpoint? PickOut(in PickContext context)
    {
        var all = Set.AllArray;
        var start = all.Length == 0 ? 0 : context.Next(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            var endpoint = all[(start + i) % all.Length];
            if (!endpoint.IsDraining && !context.IsExcluded(endpoint))
            {
                return endpoint;
            }
        }

        return null;
    }

    private static ClusterSnapshot Create(
        ClusterEndpoint[] endpoints, ClusterEndpoint[] all, ClusterSettings settings, Random random, ClusterSnapshot previous)
    {
        var strategy = settings.Strategy;
        var availability = Availability.Of(all, settings.Probes.Enabled, settings.PanicThreshold);
        var set = new EndpointSet(
            all, availability.Endpoints, random, settings.Ring, ReferenceEquals(strategy, previous._strategy) ? previous.Picker : null);
        var picker = availability.Endpoints.Length == 0 ? NoEndpointPicker.Instance : strategy.CreatePicker(set);
        return new ClusterSnapshot(endpoints, set, picker, strategy, availability);
    }

    // Arrays of endpoints are never changed, and so need not be copied.
    private static ClusterEndpoint[] Join(ClusterEndpoint[] members, List<ClusterEndpoint> leaving) =>
        leaving.Count == 0 ? members : [.. members, .. leaving];

    private ClusterSnapshot WithHttps(ClusterSnapshot https) => new(Endpoints, Set, Picker, _strategy, _availability) { Https = https };

    // A picker need not know of exclusions, nor of an endpoint that went out after it was made: the cluster has the last word.
    private ClusterEndpoint? FirstPermitted(in PickContext context)
    {
        foreach (var endpoint in Set.AllArray)
        {
            if (_availability.Permits(endpoint) && !context.IsExcluded(endpoint))
            {
                return endpoint;
            }
        }

        return null;
    }
}
