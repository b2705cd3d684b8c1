using System.Collections.Immutable;

namespace ClientSideLb.Kubernetes.Slices;

/// <summary>An EndpointSlice: some of the endpoints of a service. Two of the same content are equal.</summary>
/// <param name="Name">The name, which is unique within the namespace.</param>
/// <param name="Kind">The kind of the addresses.</param>
/// <param name="Ports">The TCP ports of all endpoints. Empty if the service names none.</param>
/// <param name="Endpoints">The endpoints.</param>
internal sealed record Slice(string Name, AddressKind Kind, ImmutableArray<SlicePort> Ports, ImmutableArray<SliceEndpoint> Endpoints)
{
    public bool Equals(Slice? other) =>
        other is not null
        && Name == other.Name
        && Kind == other.Kind
        && Ports.AsSpan().SequenceEqual(other.Ports.AsSpan())
        && Endpoints.AsSpan().SequenceEqual(other.Endpoints.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Endpoints.Length);
}
