using System.Collections.Frozen;
using ClientSideLb.Benchmarks.Minimal;
using ClientSideLb.Benchmarks.Picking;
using Yarp.ReverseProxy.Model;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>A minimal handler that lets a policy of YARP choose, and counts requests where YARP counts them.</summary>
internal sealed class YarpHandler(YarpPolicy policy) : MinimalHandler
{
    private readonly FrozenDictionary<DestinationState, Endpoint> _endpoints = policy.Destinations
        .Select((destination, i) => new Endpoint(Pickers.AddressOf(i).Uri, policy, destination))
        .ToFrozenDictionary(static endpoint => endpoint.Destination);

    private protected override MinimalEndpoint Begin() => _endpoints[policy.Begin()];

    private sealed class Endpoint(Uri address, YarpPolicy policy, DestinationState destination) : MinimalEndpoint(address)
    {
        internal DestinationState Destination => destination;

        internal override void RemoveInFlight() => policy.End(destination);
    }
}
