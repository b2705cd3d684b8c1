namespace ClientSideLb.Clusters;

/// <summary>What a strategy sends to the same endpoint.</summary>
internal enum KeyKind
{
    /// <summary>Nothing in particular.</summary>
    None,

    /// <summary>Requests with the same hash key.</summary>
    HashKey,

    /// <summary>Requests of the same caller.</summary>
    ClientIp,
}
