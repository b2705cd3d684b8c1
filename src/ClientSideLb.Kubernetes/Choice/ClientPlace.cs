namespace ClientSideLb.Kubernetes.Choice;

/// <summary>Where the application runs.</summary>
/// <param name="Zone">The zone, if it is known.</param>
/// <param name="Node">The node, if it is known.</param>
internal sealed record ClientPlace(string? Zone, string? Node);
