namespace ClientSideLb.Clusters;

/// <summary>How a cluster is divided into levels.</summary>
/// <param name="Zone">The zone that the client runs in, or <see langword="null"/> if zones do not matter.</param>
/// <param name="OverprovisioningFactor">How much more than its share of the traffic an endpoint can take.</param>
internal sealed record LevelSettings(string? Zone, double OverprovisioningFactor);
