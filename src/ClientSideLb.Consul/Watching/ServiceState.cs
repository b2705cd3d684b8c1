using System.Collections.Immutable;
using ClientSideLb.Consul.Instances;
using ClientSideLb.Shared;

namespace ClientSideLb.Consul.Watching;

/// <summary>The known state of a service at one time. Immutable.</summary>
/// <param name="IsKnown">Whether Consul knows the service.</param>
/// <param name="Instances">The instances, in a fixed order.</param>
internal sealed record ServiceState(bool IsKnown, ImmutableArray<ConsulInstance> Instances) : IServiceState
{
    public int EndpointCount => Instances.Length;
}
