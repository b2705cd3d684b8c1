namespace ClientSideLb;

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
        var ordered = endpoints.PreviousPicker is Picker previous && ReferenceEquals(previous.All, all) ? previous.Ordered : Order(all);
        return new Picker(all, ordered, endpoints.AvailableArray);
    }

    private static ClusterEndpoint[] Order(ClusterEndpoint[] endpoints)
    {
        ClusterEndpoint[] ordered = [.. endpoints];
        Array.Sort(Array.ConvertAll(ordered, static endpoint => endpoint.Location.HashName), ordered, StringComparer.Ordinal);
        return ordered;
    }

    private sealed class Picker(ClusterEndpoint[] all, ClusterEndpoint[] ordered, ClusterEndpoint[] available) : EndpointPicker
    {
        // After this many hashes that met none that is available, the next one chooses among those that are.
        private const int MaxHashes = 64;

        private readonly HashSet<ClusterEndpoint>? _available = available.Length == all.Length ? null : [.. available];

        internal ClusterEndpoint[] All => all;

        internal ClusterEndpoint[] Ordered => ordered;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.ClientIp is not { } clientIp)
            {
                return context.FirstPermitted(available, context.Next(available.Length));
            }

            for (var seed = 0; seed < MaxHashes; seed++)
            {
                var endpoint = ordered[AddressHash.IndexOf(clientIp, seed, ordered.Length)];
                if ((_available is null || _available.Contains(endpoint)) && !context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FirstPermitted(available, AddressHash.IndexOf(clientIp, MaxHashes, available.Length));
        }
    }
}
