namespace ClientSideLb.Strategies;

/// <summary>The load of an endpoint: its requests in flight for each unit of its weight.</summary>
internal static class Load
{
    /// <summary>Compares two loads by cross-multiplication, so without division and exactly.</summary>
    /// <returns>Below 0 where the first endpoint is less loaded, 0 where both are loaded alike.</returns>
    internal static int Compare(int inFlight, int weight, int otherInFlight, int otherWeight) =>
        ((long)inFlight * otherWeight).CompareTo((long)otherInFlight * weight);
}
