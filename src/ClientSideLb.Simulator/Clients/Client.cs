namespace ClientSideLb.Simulator;

/// <summary>One client: a cluster of its own, and when it sends.</summary>
internal sealed class Client(int index, Cluster cluster, ArrivalTimes arrivals, SeededRandom random)
{
    internal int Index => index;

    internal Cluster Cluster => cluster;

    internal ArrivalTimes Arrivals => arrivals;

    /// <summary>Gets where its picks get their numbers. Arrivals have another source, so that they do not depend on the strategy.</summary>
    internal SeededRandom Random => random;
}
