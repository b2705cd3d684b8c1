namespace ClientSideLb.Strategies;

/// <summary>
/// Picks the endpoint that owns the request's hash key on a ring. Endpoints own keys in proportion to their weights. A pick costs O(log n).
/// The method is that of D. Karger et al., "Consistent Hashing and Random Trees" (1997). The points and the look-up are those of Envoy's
/// ring hash and of gRFC A42.
/// </summary>
/// <remarks>
/// The ring holds all endpoints, and a pick passes over those that are out. Therefore an outage moves only the keys of that endpoint, and
/// the keys return with it. See <see cref="RingSizing"/> for the keys that a change of membership moves.
/// </remarks>
internal sealed class ConsistentHashStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.ConsistentHash;

    public bool IsKeyed => true;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var all = endpoints.AllArray;
        var settings = endpoints.Settings;
        var previous = endpoints.PreviousPicker is Picker picker && ReferenceEquals(picker.All, all) ? picker : null;
        var ring = previous is not null && previous.Settings == settings.Ring ? previous.Ring : CreateRing(endpoints);
        return new Picker(endpoints, settings.Ring, ring, LoadLimit.TryCreate(endpoints, settings.RingLoadFactor, previous?.Limit?.Order));
    }

    private static HashRing CreateRing(EndpointSet endpoints)
    {
        var owners = NamedOwners.Of(endpoints.AllArray);
        return new HashRing(owners.Names, RingSizing.CountPoints(owners.Weights, endpoints.Settings.Ring), owners.Indexes);
    }

    private sealed class Picker(EndpointSet endpoints, RingSettings settings, HashRing ring, LoadLimit? limit) : EndpointPicker
    {
        private readonly ClusterEndpoint[] _all = endpoints.AllArray;
        private readonly ClusterEndpoint[] _available = endpoints.AvailableArray;
        private readonly bool[]? _isAvailable = endpoints.GetAvailableMarks();

        internal ClusterEndpoint[] All => _all;

        internal RingSettings Settings => settings;

        internal HashRing Ring => ring;

        internal LoadLimit? Limit => limit;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HashKey is not { } key)
            {
                return limit is null
                    ? context.FindPermitted(_available, context.Next(_available.Length))
                    : limit.Choose(owner: -1, (ulong)context.Next(int.MaxValue), in context);
            }

            var hash = KeyHash.Of(key);
            var start = ring.Find(hash);
            for (var i = 0; i < ring.Length; i++)
            {
                var owner = ring.GetOwner(start + i);
                if ((_isAvailable is null || _isAvailable[owner]) && !context.IsExcluded(_all[owner]))
                {
                    return limit is null ? _all[owner] : limit.Choose(owner, hash, in context);
                }
            }

            // An Envoy-compatible ring that is smaller than the number of endpoints has no point for some of them. One of these may be the
            // only one left.
            return limit is null
                ? context.FindPermitted(_available, (int)Math.BigMul(hash, (ulong)_available.Length, out _))
                : limit.Choose(owner: -1, hash, in context);
        }
    }
}
