using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Endpoints whose counts of requests in flight lie side by side in one array of an <see cref="InFlightTable"/>, looked at a vector at a time.
/// </summary>
internal sealed class LoadRun
{
    // More than any count, and far enough from overflow when a count is added. It hides what lies between the endpoints.
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

    /// <summary>Makes runs of endpoints, or <see langword="null"/> where their counts lie too far apart for that to pay.</summary>
    internal static LoadRun[]? TryCreate(ClusterEndpoint[] endpoints)
    {
        // A vector holds eight counts: with one in four of them an endpoint's, nothing is lost.
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
            // Whole lines, so that there is no rest to be looked at one by one.
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
            runs[counts].Show(endpoint, index);
        }

        return [.. runs.Values];
    }

    /// <summary>Looks for the least loaded.</summary>
    /// <param name="least">The least load of other runs, and then of this one too.</param>
    /// <param name="tied">How many endpoints have that load.</param>
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
                (least, tied) = (LeastOf(loads), 0);
                bound = Vector256.Create(least);
            }

            tied += BitOperations.PopCount(Vector256.Equals(loads, bound).ExtractMostSignificantBits());
        }
    }

    /// <summary>Finds one of the endpoints that have at most a load, as they are now.</summary>
    /// <param name="load">The load.</param>
    /// <param name="ticket">How many of them to pass over; what is left of it when there are no more.</param>
    /// <returns>The endpoint, or <see langword="null"/> where there are not as many.</returns>
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

    private static int LeastOf(Vector256<int> loads)
    {
        var least = loads[0];
        for (var lane = 1; lane < Vector256<int>.Count; lane++)
        {
            least = Math.Min(least, loads[lane]);
        }

        return least;
    }

    private void Show(ClusterEndpoint endpoint, int index)
    {
        _offsets[index - _start] = 0;
        _owners[index - _start] = endpoint;
    }
}
