namespace ClientSideLb.Configuration;

/// <summary>Which endpoints of a cluster a client uses.</summary>
/// <param name="Size">The number of endpoints of each level that it uses.</param>
/// <param name="Seed">The seed of its order of the endpoints. Clients with equal seeds use the same endpoints.</param>
internal sealed record SubsetSettings(int Size, ulong Seed);
