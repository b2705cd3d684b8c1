namespace ClientSideLb.Kubernetes.Slices;

/// <summary>The kind of address that all endpoints of a slice have.</summary>
internal enum AddressKind
{
    IPv4,
    IPv6,
    HostName,
}
