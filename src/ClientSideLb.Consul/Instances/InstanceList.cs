using System.Collections.Immutable;

namespace ClientSideLb.Consul.Instances;

/// <summary>The instances of a service.</summary>
/// <param name="Instances">The instances, in a fixed order, each address once.</param>
/// <param name="Unusable">The instances without a usable address, each with the reason.</param>
internal sealed record InstanceList(ImmutableArray<ConsulInstance> Instances, IReadOnlyList<(string Instance, string Reason)> Unusable)
{
    /// <summary>Gets a value indicating whether the service has no instance at all.</summary>
    internal bool IsEmpty => Instances.IsEmpty && Unusable.Count == 0;
}
