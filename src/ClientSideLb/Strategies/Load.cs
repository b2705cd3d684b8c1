namespace ClientSideLb.Strategies;

/// <summary>Compares loads. The load of an endpoint is its number of requests in flight divided by its weight.</summary>
internal static class Load
{
    /// <summary>Compares two loads by cross-multiplication, which is exact and needs no division.</summary>
    /// <returns>A negative number if the first endpoint is less loaded, 0 if both loads are equal, and a positive number otherwise.</returns>
    internal static int Compare(int inFlight, int weight, int otherInFlight, int otherWeight) =>
        ((long)inFlight * otherWeight).CompareTo((long)otherInFlight * weight);
}
