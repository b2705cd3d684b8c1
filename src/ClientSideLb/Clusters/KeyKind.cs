namespace ClientSideLb.Clusters;

/// <summary>The requests that a strategy sends to the same endpoint.</summary>
internal enum KeyKind
{
    /// <summary>No requests in particular.</summary>
    None,

    /// <summary>Requests with the same hash key.</summary>
    HashKey,

    /// <summary>Requests of the same caller.</summary>
    ClientIp,
}
