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
        var ring = endpoints.PreviousPicker is Picker previous && previous.IsFor(all, endpoints.Settings.Ring) ? previous.Ring : CreateRing(endpoints);
        return new Picker(all, endpoints.Settings.Ring, ring, endpoints.AvailableArray, endpoints.GetAvailableMarks());
    }

    private static HashRing CreateRing(EndpointSet endpoints)
    {
        // The names are sorted, so the sizing and the ring do not depend on the order in which a source lists the endpoints.
        var all = endpoints.AllArray;
        int[] owners = [.. Enumerable.Range(0, all.Length).Where(i => all[i].Weight > 0)];
        var names = Array.ConvertAll(owners, i => all[i].HashName);
        Array.Sort(names, owners, StringComparer.Ordinal);
        return new HashRing(names, RingSizing.CountPoints(Array.ConvertAll(owners, i => all[i].Weight), endpoints.Settings.Ring), owners);
    }

    private sealed class Picker : EndpointPicker
    {
        private readonly ClusterEndpoint[] _all;
        private readonly ClusterEndpoint[] _available;
        private readonly RingSettings _settings;
        private readonly bool[]? _isAvailable;

        internal Picker(ClusterEndpoint[] all, RingSettings settings, HashRing ring, ClusterEndpoint[] available, bool[]? isAvailable)
        {
            _all = all;
            _settings = settings;
            _available = available;
            _isAvailable = isAvailable;
            Ring = ring;
        }

        internal HashRing Ring { get; }

        internal bool IsFor(ClusterEndpoint[] all, RingSettings settings) => ReferenceEquals(all, _all) && settings == _settings;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HashKey is not { } key)
            {
                return context.FindPermitted(_available, context.Next(_available.Length));
            }

            var hash = HashRing.Hash(key);
            var start = Ring.Find(hash);
            for (var i = 0; i < Ring.Length; i++)
            {
                var owner = Ring.GetOwner(start + i);
                if ((_isAvailable is null || _isAvailable[owner]) && !context.IsExcluded(_all[owner]))
                {
                    return _all[owner];
                }
            }

            // An Envoy-compatible ring that is smaller than the number of endpoints has no point for some of them. One of these may be the
            // only one left.
            return context.FindPermitted(_available, (int)Math.BigMul(hash, (ulong)_available.Length, out _));
        }
    }
}
