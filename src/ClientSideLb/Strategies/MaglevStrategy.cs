namespace ClientSideLb.Strategies;

/// <summary>
/// Picks the endpoint that owns the request's hash key in a table of slots. Endpoints own keys in proportion to their weights. A pick costs O(1). See
/// <see cref="MaglevTable"/> for the sources.
/// </summary>
/// <remarks>
/// The table holds all endpoints, even those that are out. Envoy makes a new table of those that are healthy. That would let the table change with each
/// outage, and each change of a Maglev table moves some keys between endpoints that have nothing to do with it. Here a key whose owner is out is
/// hashed again, as Envoy does for a retry. Therefore an outage moves only the keys of that endpoint, and the keys return with it.
/// </remarks>
internal sealed class MaglevStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.Maglev;

    public bool IsKeyed => true;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var settings = endpoints.Settings.Maglev;
        var all = endpoints.AllArray;
        var previous = endpoints.PreviousPicker is Picker picker && ReferenceEquals(picker.All, all) ? picker : null;
        var order = previous?.Order ?? new KeyOrder(all);
        var table = previous is not null && previous.TableSize == settings.TableSize ? previous.Table : CreateTable(all, settings.TableSize);
        return new Picker(endpoints, settings, table, order);
    }

    private static MaglevTable CreateTable(ClusterEndpoint[] all, int size)
    {
        var owners = NamedOwners.Of(all);
        return new MaglevTable(owners.Names, owners.Weights, owners.Indexes, all.Length, size);
    }

    private sealed class Picker(EndpointSet endpoints, MaglevSettings settings, MaglevTable table, KeyOrder order) : EndpointPicker
    {
        // With half of the endpoints out, one key in 2^64 has not found an endpoint by then. The others go on in the key's own order of the endpoints,
        // which also knows those that own no slot because there are more endpoints than slots.
        private const uint MaxAttempts = 64;

        private readonly ClusterEndpoint[] _all = endpoints.AllArray;
        private readonly ClusterEndpoint[] _available = endpoints.AvailableArray;
        private readonly bool[]? _isAvailable = endpoints.GetAvailableMarks();
        private readonly LoadLimit? _limit = LoadLimit.TryCreate(endpoints, settings.LoadFactor, order);

        internal ClusterEndpoint[] All => _all;

        internal int TableSize => settings.TableSize;

        internal MaglevTable Table => table;

        internal KeyOrder Order => order;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HashKey is not { } key)
            {
                return _limit is null
                    ? context.FindPermitted(_available, context.Next(_available.Length))
                    : _limit.Choose(owner: -1, (ulong)context.Next(int.MaxValue), in context);
            }

            var hash = KeyHash.Of(key);
            var owner = table.GetOwner(hash);
            if (table.IsEmpty || !IsPermitted(owner, in context))
            {
                owner = FindOther(hash, in context);
            }

            return _limit is not null ? _limit.Choose(owner, hash, in context) : owner >= 0 ? _all[owner] : null;
        }

        private int FindOther(ulong hash, in PickContext context)
        {
            for (var attempt = 1u; attempt <= MaxAttempts && !table.IsEmpty; attempt++)
            {
                var owner = table.GetOwner(hash, attempt);
                if (IsPermitted(owner, in context))
                {
                    return owner;
                }
            }

            foreach (var index in order.Of(hash))
            {
                if (IsPermitted(index, in context))
                {
                    return index;
                }
            }

            return -1;
        }

        private bool IsPermitted(int index, in PickContext context) =>
            (_isAvailable is null || _isAvailable[index]) && !context.IsExcluded(_all[index]);
    }
}
