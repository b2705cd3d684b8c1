namespace ClientSideLb.Dns.Lookup;

/// <summary>How a lookup ended.</summary>
internal enum DnsAnswerKind
{
    /// <summary>There are endpoints.</summary>
    Found,

    /// <summary>The name does not exist, or has no records of the kind that was asked for.</summary>
    Missing,

    /// <summary>An SRV record says that the service is decidedly not offered.</summary>
    NotOffered,

    /// <summary>No server gave an answer that could be used.</summary>
    Failed,
}
