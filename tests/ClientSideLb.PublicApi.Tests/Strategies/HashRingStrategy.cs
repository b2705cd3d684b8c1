namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>The endpoint that owns the request's hash key on a ring of all endpoints. If it is out, the next one on the ring.</summary>
public sealed class HashRingStrategy : ILoadBalancingStrategy
{
    public string Name => "MyHashRing";

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        // An outage changes which endpoints are available, and not the ring.
        var ring = endpoints.PreviousPicker is Picker previous && ReferenceEquals(previous.Ring.Endpoints, endpoints.All)
            ? previous.Ring
            : new HashRing(endpoints.All);
        return new Picker(ring, endpoints);
    }

    internal sealed class Picker(HashRing ring, EndpointSet endpoints) : EndpointPicker
    {
        internal HashRing Ring => ring;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HashKey is not { } key)
            {
                return context.FindPermitted(endpoints.Available, context.Next(endpoints.Available.Count));
            }

            var start = ring.Find(key);
            for (var i = 0; i < ring.Length; i++)
            {
                var owner = ring.OwnerAt(start + i);
                if (endpoints.IsAvailable(owner) && !context.IsExcluded(endpoints.All[owner]))
                {
                    return endpoints.All[owner];
                }
            }

            return null;
        }
    }
}
