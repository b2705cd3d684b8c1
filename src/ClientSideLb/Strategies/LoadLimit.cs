namespace ClientSideLb.Strategies;

/// <summary>
/// Bounds the load of the endpoints of a strategy that hashes. An endpoint has room for <c>ceil(factor × (in-flight + 1) × share)</c> requests, where
/// in-flight is the number of requests at all available endpoints, and the share is that of its weight among them. The bound is that of V. Mirrokni,
/// M. Thorup and M. Zadimoghaddam, "Consistent Hashing with Bounded Loads" (arXiv 1608.01350).
/// </summary>
/// <remarks>
/// If the owner of a key is full, the request goes to the first endpoint with room in an order that depends on the key alone. The paper goes on along
/// the ring, which fills the neighbours of a full endpoint one after the other. An order of its own for each key avoids that (J. Chen, B. Coleman and
/// A. Shrivastava, "Revisiting Consistent Hashing with Bounded Loads", arXiv 1908.08762), and Envoy has one, too.
/// </remarks>
internal sealed class LoadLimit
{
    // The factor is taken as a number of thousandths, so that the comparison is one of whole numbers: the factor 1.1 means 11 of 10, and not the
    // binary fraction next to it.
    private const int Unit = 1000;

    private readonly ClusterEndpoint[] _all;
    private readonly int[] _weights;
    private readonly double _capacity;
    private readonly double _factor;
    private readonly InFlightTotal _total;

    private LoadLimit(EndpointSet endpoints, double factor, KeyOrder order)
    {
        _all = endpoints.AllArray;
        _factor = Math.Round(factor * Unit);
        _total = new InFlightTotal(endpoints.AvailableArray);
        Order = order;

        // Slow start does not change the shares: an endpoint that comes back gets all its keys at once, as without a limit.
        _weights = [.. _all.Select((endpoint, i) => endpoints.IsAvailable(i) ? endpoint.Weight : 0)];
        _capacity = Unit * _weights.Sum(static weight => (double)weight);
    }

    /// <summary>Gets the order in which a key moves on. It is costly to make, and depends on the members alone.</summary>
    internal KeyOrder Order { get; }

    /// <summary>Creates the limit of a set of endpoints, or returns <see langword="null"/> if there is no factor.</summary>
    internal static LoadLimit? TryCreate(EndpointSet endpoints, double? factor, KeyOrder? order) =>
        factor is { } value ? new LoadLimit(endpoints, value, order ?? new KeyOrder(endpoints.AllArray)) : null;

    /// <summary>Chooses the owner of a key if it has room, else the first endpoint of the key's order that has room, else the least loaded one.</summary>
    /// <remarks>Picks at the same moment do not see each other. So an endpoint may exceed its bound by the number of such picks.</remarks>
    /// <param name="owner">The index of the owner, or a negative number if the key has none.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="context">The context of the pick.</param>
    internal ClusterEndpoint? Choose(int owner, ulong hash, in PickContext context)
    {
        // An idle endpoint always has room.
        if (owner >= 0 && _all[owner].InFlight == 0)
        {
            return _all[owner];
        }

        var room = _factor * (_total.Count() + 1);
        if (owner >= 0 && HasRoom(owner, _all[owner].InFlight, room))
        {
            return _all[owner];
        }

        var (least, leastInFlight) = (-1, 0);
        foreach (var index in Order.Of(hash))
        {
            if (_weights[index] == 0 || context.IsExcluded(_all[index]))
            {
                continue;
            }

            var inFlight = _all[index].InFlight;
            if (HasRoom(index, inFlight, room))
            {
                return _all[index];
            }

            if (least < 0 || Load.Compare(inFlight, _weights[index], leastInFlight, _weights[least]) < 0)
            {
                (least, leastInFlight) = (index, inFlight);
            }
        }

        return least >= 0 ? _all[least] : owner >= 0 ? _all[owner] : null;
    }

    // A whole number is less than the ceiling of another number exactly if it is less than that number. A division would have to be rounded: 49 × (1 ÷ 49)
    // is not 1.
    private bool HasRoom(int index, int inFlight, double room) => inFlight * _capacity < room * _weights[index];
}
