namespace ClientSideLb.Simulator.Engine;

/// <summary>The numbers of the independent sequences of random numbers that a run draws from its seed.</summary>
internal static class RandomStreams
{
    internal const int ServiceTimes = 1;
    internal const int Arrivals = 2;
    internal const int Keys = 3;
    internal const int Failures = 4;

    private const int FirstClient = 16;

    internal static int OfClient(int index) => FirstClient + index;
}
