using System.Collections.Immutable;
using ClientSideLb.Consul.Instances;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Consul.Watching;

/// <summary>What is known of a service at one time. Immutable.</summary>
/// <param name="IsKnown">Whether Consul knows the service.</param>
/// <param name="Instances">The instances, in a fixed order.</param>
/// <param name="ChangeToken">Fires when there is a newer state.</param>
internal sealed record ServiceState(bool IsKnown, ImmutableArray<ConsulInstance> Instances, IChangeToken ChangeToken);
