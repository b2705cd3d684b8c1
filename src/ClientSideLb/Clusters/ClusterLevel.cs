namespace ClientSideLb;

/// <summary>
/// A level of a cluster at one moment: the endpoints of one priority, or those of one priority that are in the client's zone or outside of it. Immutable.
/// </summary>
public sealed class ClusterLevel
{
    internal ClusterLevel(int priority, bool isLocal, IReadOnlyList<ClusterEndpoint> endpoints, int available, double share)
    {
        Priority = priority;
        IsLocal = isLocal;
        Endpoints = endpoints;
        Available = available;
        Share = share;
    }

    /// <summary>Gets the priority of the endpoints. 0 is used first.</summary>
    public int Priority { get; }

    /// <summary>Gets a value indicating whether these are the endpoints in the client's zone (<see cref="LoadBalancingOptions.Zone"/>).</summary>
    public bool IsLocal { get; }

    /// <summary>Gets the endpoints.</summary>
    public IReadOnlyList<ClusterEndpoint> Endpoints { get; }

    /// <summary>Gets how many of the endpoints were available.</summary>
    public int Available { get; }

    /// <summary>Gets the part of the requests that the level served, from 0 to 1.</summary>
    public double Share { get; }
}
