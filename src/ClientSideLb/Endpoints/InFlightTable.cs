namespace ClientSideLb.Endpoints;

/// <summary>
/// Hands out the places at which endpoints count their requests in flight. Those of a large cluster lie side by side, so that the least
/// of a thousand is found by looking at whole vectors of them; those of a small one lie a cache line apart. One writer: the cluster.
/// </summary>
internal sealed class InFlightTable
{
    /// <summary>From so many endpoints on they lie side by side: below, cores that count at different endpoints would too often share a line.</summary>
    internal const int SideBySideFrom = 64;

    /// <summary>The length of an array is a multiple of this, and so of any vector's length.</summary>
    internal const int Line = 64 / sizeof(int);

    private int[] _counts = [];
    private int _step;
    private int _next;

    /// <summary>Takes a place. No place is ever used again: a late request may still count at that of an endpoint that has gone.</summary>
    /// <param name="endpoints">How many endpoints the cluster has, by which places are made where none is left.</param>
    internal InFlightPlace Take(int endpoints)
    {
        if (_next >= _counts.Length)
        {
            _step = endpoints < SideBySideFrom ? Line : 1;
            _counts = new int[((endpoints * _step) + Line - 1) / Line * Line];
            _next = 0;
        }

        var place = new InFlightPlace(_counts, _next);
        _next += _step;
        return place;
    }
}
