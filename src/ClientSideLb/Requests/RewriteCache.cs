using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>
/// Keeps the rewritten addresses of a cluster's repeated requests: <c>new Uri</c> and its later parsing cost a request more than the rest
/// of its balancing does. Safe for many threads, without a lock.
/// </summary>
/// <remarks>
/// A table of fixed size in which an address has one place. It is kept when it comes for the second time in a row at its place, so that
/// addresses that are ever new cost a look and are not held. Colliding ones cost no more than that either, so nobody gains by making them.
/// </remarks>
internal sealed class RewriteCache
{
    // At most about 3 MB a cluster, if every place holds an address as long as may be.
    private const int Places = 2048;
    private const int LongestKept = 256;

    // The addresses themselves, and nothing that leads to them: on a busy machine a look at an object that is in no cache costs 30 ns, and
    // who sends the request looks at its address anyway.
    private readonly Uri?[] _kept = new Uri?[Places];
    private readonly uint[] _seenLast = new uint[Places];
    private readonly PathReader _paths = new();

    /// <summary>Gets the address at an endpoint that a logical one stands for.</summary>
    internal Uri AddressAt(EndpointAddress endpoint, Uri logical)
    {
        var pathAndQuery = _paths.PathAndQueryOf(logical);
        if (pathAndQuery.Length > LongestKept)
        {
            return RequestRewrite.AddressAt(endpoint, pathAndQuery);
        }

        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(pathAndQuery), endpoint.Seed);
        var place = (int)(hash % Places);
        if (Volatile.Read(ref _kept[place]) is { } kept && IsAt(kept, endpoint, pathAndQuery))
        {
            return kept;
        }

        var address = RequestRewrite.AddressAt(endpoint, pathAndQuery);
        var mark = (uint)(hash >> 32);
        if (_seenLast[place] == mark)
        {
            Volatile.Write(ref _kept[place], address);
        }
        else
        {
            _seenLast[place] = mark;
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
