namespace ClientSideLb.Endpoints;

/// <summary>The place of one endpoint's count of requests in flight.</summary>
/// <param name="Counts">The array that holds the count. Its other elements may belong to other endpoints of the cluster.</param>
/// <param name="Index">The index of the endpoint's count.</param>
internal readonly record struct InFlightPlace(int[] Counts, int Index)
{
    /// <summary>Gets a reference to the count. Read and change it atomically.</summary>
    internal ref int Count => ref Counts[Index];

    /// <summary>Increments the count, unless it has reached a limit.</summary>
    /// <returns>Whether the count was below the limit.</returns>
    internal bool TryIncrementBelow(int limit)
    {
        var count = Volatile.Read(ref Count);
        while (count < limit)
        {
            var before = Interlocked.CompareExchange(ref Count, count + 1, count);
            if (before == count)
            {
                return true;
            }

            count = before;
        }

        return false;
    }

    /// <summary>Creates the place of an endpoint that belongs to no cluster.</summary>
    internal static InFlightPlace CreateStandalone(int count = 0) => new([count], 0);
}
