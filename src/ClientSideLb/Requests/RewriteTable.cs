using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>
/// Keeps rewritten addresses that requests repeat. Creating and parsing a <see cref="Uri"/> costs a request more than the rest of its
/// balancing. All clients of a container share one table: an address depends on the endpoint and the path alone. Safe for many threads, without a lock.
/// </summary>
/// <remarks>
/// The hash of an address gives its slot. An address is stored when it is looked up for the second time in a row at its slot and not found. So
/// addresses that are never repeated cost one lookup and are not stored. Addresses that collide cost no more than that, so an attacker gains
/// nothing by causing collisions. The table starts small and grows with the number of addresses that are not found, up to a fixed size.
/// </remarks>
internal sealed class RewriteTable
{
    // The smallest table takes 3 KB. The largest one takes 48 KB empty, and 6 MB if it is full of the longest addresses.
    private const int FewestSlots = 256;
    private const int MostSlots = 4096;
    private const int Growth = 4;
    private const int MissesPerSlot = 2;
    private const int LongestKept = 256;

    private volatile Slots _slots = new(FewestSlots);

    /// <summary>Gets the number of slots.</summary>
    internal int Size => _slots.Kept.Length;

    /// <summary>Gets the address at an endpoint for a path and query.</summary>
    internal Uri GetAddress(EndpointAddress endpoint, ReadOnlySpan<char> pathAndQuery)
    {
        if (pathAndQuery.Length > LongestKept)
        {
            return RequestRewrite.CreateAddress(endpoint, pathAndQuery);
        }

        var slots = _slots;
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(pathAndQuery), endpoint.Seed);
        var slot = (int)(hash % (uint)slots.Kept.Length);
        if (Volatile.Read(ref slots.Kept[slot]) is { } kept && IsAt(kept, endpoint, pathAndQuery))
        {
            return kept;
        }

        var address = RequestRewrite.CreateAddress(endpoint, pathAndQuery);
        var mark = (uint)(hash >> 32);
        if (slots.SeenLast[slot] == mark)
        {
            Volatile.Write(ref slots.Kept[slot], address);
        }
        else
        {
            slots.SeenLast[slot] = mark;
        }

        GrowIfTooSmall(slots);
        return address;
    }

    // The larger table starts empty: repeated addresses come back by themselves. Threads may lose counts of each other, which only delays the growth.
    private void GrowIfTooSmall(Slots slots)
    {
        var size = slots.Kept.Length;
        if (size < MostSlots && ++slots.Misses >= size * MissesPerSlot)
        {
            Interlocked.CompareExchange(ref _slots, new Slots(size * Growth), slots);
        }
    }

    private static bool IsAt(Uri address, EndpointAddress endpoint, ReadOnlySpan<char> pathAndQuery)
    {
        var made = address.OriginalString.AsSpan();
        var prefix = endpoint.Prefix;
        return made.Length == prefix.Length + pathAndQuery.Length
            && made[prefix.Length..].SequenceEqual(pathAndQuery)
            && made[..prefix.Length].SequenceEqual(prefix);
    }

    private sealed class Slots(int count)
    {
        // A slot refers to the address itself and not to an entry object around it. Each further object could be another miss of the processor's
        // cache, while the handler that sends the request reads the address anyway.
        internal Uri?[] Kept { get; } = new Uri?[count];

        // For each slot, a part of the hash of the latest address that was not found there.
        internal uint[] SeenLast { get; } = new uint[count];

        internal int Misses { get; set; }
    }
}
