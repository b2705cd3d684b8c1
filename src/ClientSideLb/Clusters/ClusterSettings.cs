namespace ClientSideLb;

/// <summary>What a cluster needs to know of its client's options.</summary>
internal sealed record ClusterSettings(ILoadBalancingStrategy Strategy, RingSettings Ring);
