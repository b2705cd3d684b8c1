using ClientSideLb.Configuration;
using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>
/// The order in which a client takes the endpoints of a cluster into its subset, as in gRPC's random subsetting (gRFC A68): by XXH64 of their names with
/// the client's seed. An endpoint that comes or goes changes the place of no other, so it moves one member of the subset at most. Immutable.
/// </summary>
internal sealed class SubsetOrder
{
    private readonly ClusterEndpoint[] _listed;
    private readonly SubsetSettings _settings;
    private readonly string? _zone;

    // The indexes of the endpoints of each part that has a subset of its own, in the client's order.
    private readonly List<int[]> _parts = [];

    /// <param name="listed">The endpoints of the cluster.</param>
    /// <param name="settings">The size of the subset, and the client's seed.</param>
    /// <param name="zone">The client's zone, or <see langword="null"/>.</param>
    internal SubsetOrder(ClusterEndpoint[] listed, SubsetSettings settings, string? zone)
    {
        _listed = listed;
        _settings = settings;
        _zone = zone;

        var places = Array.ConvertAll(listed, endpoint => (Hash: KeyHash.Of(endpoint.HashName, settings.Seed), endpoint.Location.Key));
        var order = Enumerable.Range(0, listed.Length).OrderBy(index => places[index].Hash).ThenBy(index => places[index].Key, StringComparer.Ordinal);
        foreach (var level in order.GroupBy(index => (listed[index].Priority, zone is not null && listed[index].Zone == zone)))
        {
            int[] all = [.. level];
            _parts.Add(all);

            // A request that allows https only must find endpoints as well.
            var https = Array.FindAll(all, index => listed[index].Location.IsHttps);
            if (https.Length > 0 && https.Length < all.Length)
            {
                _parts.Add(https);
            }
        }
    }

    /// <summary>Tells whether this is the order of some endpoints.</summary>
    internal bool IsOf(ClusterEndpoint[] listed, SubsetSettings settings, string? zone) =>
        ReferenceEquals(listed, _listed) && settings == _settings && zone == _zone;

    /// <summary>
    /// Takes the subset. Endpoints that are out stay in it, because the client brings them back, and the next ones in the order take their places. Only the
    /// cluster's writer may call this.
    /// </summary>
    /// <param name="wanted">The number of endpoints of each part that must not be out, if there are that many.</param>
    /// <returns>The endpoints, in the order in which they are listed.</returns>
    internal ClusterEndpoint[] Take(int wanted)
    {
        var taken = new SortedSet<int>();
        foreach (var part in _parts)
        {
            var notDraining = 0;
            var notOut = 0;
            foreach (var index in part)
            {
                if (notDraining >= _settings.Size && notOut >= wanted)
                {
                    break;
                }

                taken.Add(index);
                var record = _listed[index].Record;
                notDraining += record.IsDraining ? 0 : 1;
                notOut += record.IsOut ? 0 : 1;
            }
        }

        return taken.Count == _listed.Length ? _listed : [.. taken.Select(index => _listed[index])];
    }
}
