namespace ClientSideLb.Clusters;

/// <summary>Chooses which of the listed endpoints a client uses. Only the cluster's writer uses it.</summary>
internal sealed class EndpointSubset
{
    private SubsetOrder? _order;
    private ClusterEndpoint[] _chosen = [];

    /// <summary>Chooses the endpoints by their present health.</summary>
    /// <returns>The endpoints. The array is the same object until one of them changes.</returns>
    internal ClusterEndpoint[] Choose(ClusterEndpoint[] listed, ClusterSettings settings)
    {
        if (settings.Subset is not { } subset)
        {
            (_order, _chosen) = (null, []);
            return listed;
        }

        if (_order is null || !_order.IsOf(listed, subset, settings.Levels.Zone))
        {
            _order = new SubsetOrder(listed, subset, settings.Levels.Zone);
            _chosen = [];
        }

        // One more owner of keys would take over keys of all the others.
        var chosen = _order.Take(settings.Strategy.IsKeyed ? 1 : subset.Size);
        return _chosen.AsSpan().SequenceEqual(chosen) ? _chosen : _chosen = chosen;
    }
}
