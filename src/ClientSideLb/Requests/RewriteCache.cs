using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>
/// Keeps rewritten addresses that requests repeat. Creating and parsing a <see cref="Uri"/> costs a request more than the rest of its
/// balancing. Safe for many threads, without a lock.
/// </summary>
/// <remarks>
/// The cache is a table of fixed size. The hash of an address gives its slot. An address is stored when it is looked up for the second time
/// in a row at its slot and not found. So addresses that are never repeated cost one lookup and are not stored. Addresses that collide cost
/// no more than that, so an attacker gains nothing by causing collisions.
/// </remarks>
internal sealed class RewriteCache
{
    // A full cache of the longest addresses takes about 3 MB per cluster.
    private const int Slots = 2048;
    private const int LongestKept = 256;

    // A slot refers to the address itself and not to an entry object around it. Each further object could be another miss of the processor's
    // cache, while the handler that sends the request reads the address anyway.
    private readonly Uri?[] _kept = new Uri?[Slots];

    // For each slot, a part of the hash of the latest address that was not found there.
    private readonly uint[] _seenLast = new uint[Slots];
    private readonly PathReader _paths = new();

    /// <summary>Gets the address at an endpoint for a request's logical address.</summary>
    internal Uri GetAddress(EndpointAddress endpoint, Uri logical)
    {
        var pathAndQuery = _paths.GetPathAndQuery(logical);
        if (pathAndQuery.Length > LongestKept)
        {
            return RequestRewrite.CreateAddress(endpoint, pathAndQuery);
        }

        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(pathAndQuery), endpoint.Seed);
        var slot = (int)(hash % Slots);
        if (Volatile.Read(ref _kept[slot]) is { } kept && IsAt(kept, endpoint, pathAndQuery))
        {
            return kept;
        }

        var address = RequestRewrite.CreateAddress(endpoint, pathAndQuery);
        var mark = (uint)(hash >> 32);
        if (_seenLast[slot] == mark)
        {
            Volatile.Write(ref _kept[slot], address);
        }
        else
        {
            _seenLast[slot] = mark;
        }

        return address;
    }

    private static bool IsAt(Uri address, EndpointAddress endpoint, ReadOnlySpan<char> pathAndQuery)
    {
        var made = address.OriginalString.AsSpan();
        var prefix = endpoint.Prefix;
        return made.Length == prefix.Length + pathAndQuery.Length
            && made[prefix.Length..].SequenceEqual(pathAndQuery)
            && made[..prefix.Length].SequenceEqual(prefix);
    }
}
