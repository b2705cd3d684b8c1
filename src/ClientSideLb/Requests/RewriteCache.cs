using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ClientSideLb;

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

    private readonly Entry?[] _entries = new Entry?[Places];
    private readonly uint[] _seenLast = new uint[Places];

    /// <summary>Gets the address at an endpoint that a logical one stands for.</summary>
    internal Uri AddressAt(EndpointAddress endpoint, Uri logical)
    {
        var pathAndQuery = logical.PathAndQuery;
        if (pathAndQuery.Length > LongestKept)
        {
            return RequestRewrite.AddressAt(endpoint, pathAndQuery);
        }

        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(pathAndQuery.AsSpan()), endpoint.Seed);
        var place = (int)(hash % Places);
        if (Volatile.Read(ref _entries[place]) is { } entry && ReferenceEquals(entry.Endpoint, endpoint) && entry.PathAndQuery == pathAndQuery)
        {
            return entry.Address;
        }

        var address = RequestRewrite.AddressAt(endpoint, pathAndQuery);
        var mark = (uint)(hash >> 32);
        if (_seenLast[place] == mark)
        {
            Volatile.Write(ref _entries[place], new Entry(endpoint, pathAndQuery, address));
        }
        else
        {
            _seenLast[place] = mark;
        }

        return address;
    }

    private sealed record Entry(EndpointAddress Endpoint, string PathAndQuery, Uri Address);
}
