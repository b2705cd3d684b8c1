namespace ClientSideLb.Kubernetes.Slices;

/// <summary>A TCP port that all endpoints of a slice have.</summary>
/// <param name="Name">The name. Empty if the port has none.</param>
/// <param name="Number">The number, or <see langword="null"/> for every port.</param>
/// <param name="AppProtocol">The protocol at the port, if its owner names one.</param>
internal sealed record SlicePort(string Name, int? Number, string? AppProtocol);
