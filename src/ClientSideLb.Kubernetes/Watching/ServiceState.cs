using System.Collections.Immutable;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Shared;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>The known state of a service at one time. Immutable.</summary>
/// <param name="IsKnown">Whether the service is one of the cluster.</param>
/// <param name="Slices">The slices of the service, by name.</param>
internal sealed record ServiceState(bool IsKnown, ImmutableDictionary<string, Slice> Slices) : IServiceState
{
    public int EndpointCount { get; } = Slices.Values.Sum(static slice => slice.Endpoints.Length);
}
