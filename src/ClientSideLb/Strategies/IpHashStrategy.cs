namespace ClientSideLb.Strategies;

/// <summary>
/// Picks the endpoint that the caller's IP address hashes to, whatever the weights. A pick costs O(1).
/// </summary>
/// <remarks>
/// The hash chooses among all endpoints, in the order of their names, so that all clients agree. If the chosen endpoint is out, the address
/// is hashed again with the next seed (0, 1, 2 and so on). Therefore an outage moves only the callers of that endpoint, and they return
/// with it.
/// </remarks>
internal sealed class IpHashStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.IpHash;

    public bool IsKeyed => true;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var all = endpoints.AllArray;
        var order = endpoints.PreviousPicker is Picker previous && ReferenceEquals(previous.All, all) ? previous.Order : SortByName(all);
        var isAvailable = endpoints.GetAvailableMarks();
        return new Picker(all, order, endpoints.AvailableArray, isAvailable is null ? null : Array.ConvertAll(order.Indexes, index => isAvailable[index]));
    }

    private static NameOrder SortByName(ClusterEndpoint[] endpoints)
    {
        int[] indexes = [.. Enumerable.Range(0, endpoints.Length)];
        Array.Sort(Array.ConvertAll(endpoints, static endpoint => endpoint.HashName), indexes, StringComparer.Ordinal);
        return new NameOrder(Array.ConvertAll(indexes, index => endpoints[index]), indexes);
    }

    /// <summary>The endpoints in the order of their names, and the index of each in the set.</summary>
    private sealed record NameOrder(ClusterEndpoint[] Endpoints, int[] Indexes);

    private sealed class Picker(ClusterEndpoint[] all, NameOrder order, ClusterEndpoint[] available, bool[]? isAvailable) : EndpointPicker
    {
        // If this many hashes in a row choose endpoints that are out, the next hash chooses among the available endpoints only.
        private const int MaxHashes = 64;

        private readonly ClusterEndpoint[] _ordered = order.Endpoints;

        internal ClusterEndpoint[] All => all;

        internal NameOrder Order => order;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.ClientIp is not { } clientIp)
            {
                return context.FindPermitted(available, context.Next(available.Length));
            }

            for (var seed = 0; seed < MaxHashes; seed++)
            {
                var index = AddressHash.GetIndex(clientIp, seed, _ordered.Length);
                var endpoint = _ordered[index];
                if ((isAvailable is null || isAvailable[index]) && !context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FindPermitted(available, AddressHash.GetIndex(clientIp, MaxHashes, available.Length));
        }
    }
}
