using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>Points on a circle of hashes, a hundred for each unit of an endpoint's weight.</summary>
internal sealed class HashRing
{
    private const int PointsPerWeight = 100;

    private readonly ulong[] _points;
    private readonly int[] _owners;

    internal HashRing(IReadOnlyList<ClusterEndpoint> endpoints)
    {
        Endpoints = endpoints;
        _owners = [.. endpoints.SelectMany(static (endpoint, index) => Enumerable.Repeat(index, endpoint.Weight * PointsPerWeight))];
        _points = [.. endpoints.SelectMany(static endpoint =>
            Enumerable.Range(0, endpoint.Weight * PointsPerWeight).Select(point => Hash($"{endpoint.HashName}_{point}")))];
        Array.Sort(_points, _owners);
    }

    /// <summary>Gets the endpoints that the ring was made for.</summary>
    internal IReadOnlyList<ClusterEndpoint> Endpoints { get; }

    internal int Length => _points.Length;

    /// <summary>Finds the first point at or after a key's hash.</summary>
    internal int Find(string key)
    {
        var found = Array.BinarySearch(_points, Hash(key));
        return found < 0 ? ~found : found;
    }

    /// <summary>Gets the index of the endpoint that owns a point. The points go round the circle.</summary>
    internal int OwnerAt(int point) => _owners[point % _owners.Length];

    private static ulong Hash(string text) => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
}
