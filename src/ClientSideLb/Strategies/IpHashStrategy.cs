namespace ClientSideLb.Strategies;

/// <summary>
/// The endpoint that the caller's IP address hashes to, whatever the weights. A pick costs O(1).
/// </summary>
/// <remarks>
/// The hash is over all endpoints in the order of their names, so that every client agrees. Where the chosen one is out, the next
/// hash of the same address chooses anew: an outage moves the callers of that endpoint and no others, and they return with it.
/// </remarks>
internal sealed class IpHashStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.IpHash;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var all = endpoints.AllArray;
        var order = endpoints.PreviousPicker is Picker previous && ReferenceEquals(previous.All, all) ? previous.Order : OrderOf(all);
        var isAvailable = endpoints.GetAvailableMarks();
        return new Picker(all, order, endpoints.AvailableArray, isAvailable is null ? null : Array.ConvertAll(order.Places, place => isAvailable[place]));
    }

    private static NameOrder OrderOf(ClusterEndpoint[] endpoints)
    {
        int[] places = [.. Enumerable.Range(0, endpoints.Length)];
        Array.Sort(Array.ConvertAll(endpoints, static endpoint => endpoint.HashName), places, StringComparer.Ordinal);
        return new NameOrder(Array.ConvertAll(places, place => endpoints[place]), places);
    }

    /// <summary>The endpoints in the order of their names, and the place of each among all.</summary>
    private sealed record NameOrder(ClusterEndpoint[] Endpoints, int[] Places);

    private sealed class Picker(ClusterEndpoint[] all, NameOrder order, ClusterEndpoint[] available, bool[]? isAvailable) : EndpointPicker
    {
        // After this many hashes that met none that is available, the next one chooses among those that are.
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
                var index = AddressHash.IndexOf(clientIp, seed, _ordered.Length);
                var endpoint = _ordered[index];
                if ((isAvailable is null || isAvailable[index]) && !context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FindPermitted(available, AddressHash.IndexOf(clientIp, MaxHashes, available.Length));
        }
    }
}
