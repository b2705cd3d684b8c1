using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Endpoints whose counts of requests in flight are side by side in one array of an <see cref="InFlightTable"/>. A search looks at a vector
/// of counts at a time.
/// </summary>
internal sealed class LoadRun
{
    // An offset that hides the counts which belong to none of the endpoints. It is above any count, and adding a count to it does not overflow.
    private const int Hidden = 1 << 30;

    private readonly int[] _counts;
    private readonly int _start;
    private readonly int[] _offsets;
    private readonly ClusterEndpoint?[] _owners;

    private LoadRun(int[] counts, int start, int length)
    {
        _counts = counts;
        _start = start;
        _offsets = new int[length];
        _owners = new ClusterEndpoint?[length];
        Array.Fill(_offsets, Hidden);
    }

    /// <summary>Creates runs that hold all endpoints, or returns <see langword="null"/> if the counts are too far apart for vectors to pay off.</summary>
    internal static LoadRun[]? TryCreate(ClusterEndpoint[] endpoints)
    {
        // A vector holds eight counts. If one count in four belongs to an endpoint, vectors are still no slower than single counts.
        const int Sparsest = 4;

        var spans = new Dictionary<int[], (int First, int Last)>();
        foreach (var (counts, index) in endpoints.Select(static endpoint => endpoint.Place))
        {
            spans[counts] = spans.TryGetValue(counts, out var span) ? (Math.Min(span.First, index), Math.Max(span.Last, index)) : (index, index);
        }

        var length = 0L;
        var runs = new Dictionary<int[], LoadRun>(spans.Count);
        foreach (var (counts, (first, last)) in spans)
        {
            // A run covers whole cache lines, so its length is a multiple of a vector's length.
            var start = first / InFlightTable.LineLength * InFlightTable.LineLength;
            var end = ((last / InFlightTable.LineLength) + 1) * InFlightTable.LineLength;
            length += end - start;
            if (end > counts.Length || length > Sparsest * endpoints.Length)
            {
                return null;
            }

            runs[counts] = new LoadRun(counts, start, end - start);
        }

        foreach (var endpoint in endpoints)
        {
            var (counts, index) = endpoint.Place;
            runs[counts].Add(endpoint, index);
        }

        return [.. runs.Values];
    }

    /// <summary>Continues a search for the least loaded endpoints in this run.</summary>
    /// <param name="least">The least load that the search has found so far.</param>
    /// <param name="tied">The number of endpoints with that load that the search has found so far.</param>
    internal void FindLeast(ref int least, ref int tied)
    {
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref var offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        var bound = Vector256.Create(least);
        for (var i = 0; i < _offsets.Length; i += Vector256<int>.Count)
        {
            var loads = Vector256.LoadUnsafe(ref counts, (nuint)(_start + i)) + Vector256.LoadUnsafe(ref offsets, (nuint)i);
            if (Vector256.LessThanAny(loads, bound))
            {
                (least, tied) = (GetMinimum(loads), 0);
                bound = Vector256.Create(least);
            }

            tied += BitOperations.PopCount(Vector256.Equals(loads, bound).ExtractMostSignificantBits());
        }
    }

    /// <summary>Finds one of the endpoints that have at most a given load now.</summary>
    /// <param name="load">The greatest load to find.</param>
    /// <param name="ticket">The number of these endpoints to skip. The endpoints that were passed over are subtracted from it.</param>
    /// <returns>The endpoint, or <see langword="null"/> if the run has too few of them.</returns>
    internal ClusterEndpoint? Find(int load, ref int ticket)
    {
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref var offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        var bound = Vector256.Create(load);
        for (var i = 0; i < _offsets.Length; i += Vector256<int>.Count)
        {
            var loads = Vector256.LoadUnsafe(ref counts, (nuint)(_start + i)) + Vector256.LoadUnsafe(ref offsets, (nuint)i);
            var matches = Vector256.LessThanOrEqual(loads, bound).ExtractMostSignificantBits();
            var count = BitOperations.PopCount(matches);
            if (ticket >= count)
            {
                ticket -= count;
                continue;
            }

            for (; ticket > 0; ticket--)
            {
                // Clears the lowest bit that is set.
                matches &= matches - 1;
            }

            return _owners[i + BitOperations.TrailingZeroCount(matches)];
        }

        return null;
    }

    /// <summary>Adds up the loads of all endpoints of the run.</summary>
    internal long Sum()
    {
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref var offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        var sums = Vector256<int>.Zero;
        for (var i = 0; i < _offsets.Length; i += Vector256<int>.Count)
        {
            // The counts of endpoints have no offset. The others do not belong to the run.
            var isOwned = Vector256.Equals(Vector256.LoadUnsafe(ref offsets, (nuint)i), Vector256<int>.Zero);
            sums += Vector256.LoadUnsafe(ref counts, (nuint)(_start + i)) & isOwned;
        }

        return Vector256.Sum(sums);
    }

    private static int GetMinimum(Vector256<int> loads)
    {
        var least = loads[0];
        for (var lane = 1; lane < Vector256<int>.Count; lane++)
        {
            least = Math.Min(least, loads[lane]);
        }

        return least;
    }

    private void Add(ClusterEndpoint endpoint, int index)
    {
        _offsets[index - _start] = 0;
        _owners[index - _start] = endpoint;
    }
}
