namespace ClientSideLb.Strategies;

/// <summary>
/// A random order of all endpoints for each key. It depends on the key and the names of the endpoints alone, so it is the same in all clients and at
/// all times. All orders are equally likely, whichever endpoint owns the key.
/// </summary>
internal sealed class KeyOrder
{
    private readonly int[] _byName;

    internal KeyOrder(ClusterEndpoint[] endpoints)
    {
        _byName = [.. Enumerable.Range(0, endpoints.Length)];
        Array.Sort(Array.ConvertAll(endpoints, static endpoint => endpoint.HashName), _byName, StringComparer.Ordinal);
    }

    /// <summary>Gets the indexes of the endpoints in the order of a key. Use it in a <c>foreach</c> loop.</summary>
    internal KeyWalk Of(ulong hash) => new(_byName, hash);
}
