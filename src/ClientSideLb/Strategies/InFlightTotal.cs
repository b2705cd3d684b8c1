using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Counts the requests in flight at many endpoints. It adds up their counts at each call, because a common count would be one more cache line that
/// every request of every core writes to.
/// </summary>
internal sealed class InFlightTotal
{
    private readonly LoadRun[]? _runs;
    private readonly InFlightPlace[] _places = [];

    internal InFlightTotal(ClusterEndpoint[] endpoints)
    {
        _runs = endpoints.Length >= InFlightTable.SideBySideFrom ? LoadRun.TryCreate(endpoints) : null;
        if (_runs is null)
        {
            _places = Array.ConvertAll(endpoints, static endpoint => endpoint.Place);
        }
    }

    /// <summary>Adds up the counts. They change meanwhile, so the sum may never have been true at one moment.</summary>
    internal long Count()
    {
        var total = 0L;
        if (_runs is not null)
        {
            foreach (var run in _runs)
            {
                total += run.Sum();
            }

            return total;
        }

        foreach (ref readonly var place in _places.AsSpan())
        {
            total += Volatile.Read(ref place.Count);
        }

        return total;
    }
}
