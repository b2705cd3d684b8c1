namespace ClientSideLb.Endpoints;

/// <summary>
/// Gives each endpoint of a cluster a place for its count of requests in flight. In a large cluster the counts are side by side, so that
/// vector instructions find the least of a thousand. In a small cluster each count has a cache line of its own. One writer: the cluster.
/// </summary>
internal sealed class InFlightTable
{
    /// <summary>
    /// The number of endpoints from which on counts are side by side. With fewer endpoints, cores that count at different endpoints would
    /// too often share a cache line.
    /// </summary>
    internal const int SideBySideFrom = 64;

    /// <summary>The number of counts in a cache line. The length of each array is a multiple of it, and so of any vector's length.</summary>
    internal const int LineLength = 64 / sizeof(int);

    private int[] _counts = [];
    private int _step;
    private int _next;

    /// <summary>Takes a new place. A place is never used again, because a late request may still count at the place of an endpoint that has left.</summary>
    /// <param name="endpoints">The number of endpoints of the cluster. If no place is left, a new array is made for this number.</param>
    internal InFlightPlace Take(int endpoints)
    {
        if (_next >= _counts.Length)
        {
            _step = endpoints < SideBySideFrom ? LineLength : 1;

            // The first line stays unused, because it also holds the array's length. Every core reads the length whenever it counts, at any endpoint.
            _counts = new int[((endpoints * _step) + (2 * LineLength) - 1) / LineLength * LineLength];
            _next = LineLength;
        }

        var place = new InFlightPlace(_counts, _next);
        _next += _step;
        return place;
    }
}
