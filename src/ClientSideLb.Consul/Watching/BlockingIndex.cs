namespace ClientSideLb.Consul.Watching;

/// <summary>Follows the index of blocking queries by Consul's rules.</summary>
internal static class BlockingIndex
{
    /// <summary>Gets the index of the next query.</summary>
    /// <param name="asked">The index that was asked with. 0 asks for an answer at once.</param>
    /// <param name="answered">The index of the answer, or <see langword="null"/> if it has none.</param>
    internal static ulong GetNext(ulong asked, ulong? answered) => answered switch
    {
        null => 0,

        // An index that goes backwards belongs to another state, such as that of a restored snapshot. A query that waits for more than the old one would miss
        // changes.
        { } index when index < asked => 0,

        // With 0, no query would ever block. It is a fault of old servers.
        0 => 1,
        { } index => index,
    };
}
