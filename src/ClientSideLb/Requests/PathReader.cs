using System.Buffers;

namespace ClientSideLb.Requests;

/// <summary>
/// Reads the path and query from the text of an address, if parsing would not change them. Safe for many threads, without a lock.
/// </summary>
/// <remarks>
/// <see cref="Uri.PathAndQuery"/> parses a new address to its end and allocates a string. Parsing changes nothing in most addresses.
/// </remarks>
internal sealed class PathReader
{
    // Canonicalization keeps these characters as they are, in the path and in the query. Escapes, dots and '#' are not among them.
    private const string PlainCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/?-_~=&+,;:@!$*()";

    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainCharacters);
    private static readonly SearchValues<char> PlainOrDot = SearchValues.Create(PlainCharacters + ".");

    // The start of the latest address. The next address has most likely the same one.
    private volatile AddressStart? _start;

    /// <summary>Gets the path and query of an absolute address, with the same characters as <see cref="Uri.PathAndQuery"/>.</summary>
    internal ReadOnlySpan<char> GetPathAndQuery(Uri address)
    {
        if (_start is not { } start || !start.IsStartOf(address))
        {
            start = AddressStart.Of(address);
            if (start is null)
            {
                return address.PathAndQuery;
            }

            _start = start;
        }

        var pathAndQuery = address.OriginalString.AsSpan(start.Length);
        return IsPlain(pathAndQuery) ? pathAndQuery : address.PathAndQuery;
    }

    private static bool IsPlain(ReadOnlySpan<char> pathAndQuery)
    {
        var other = pathAndQuery.IndexOfAnyExcept(Plain);

        // A dot inside a segment stays, as in "/v1.0". Canonicalization may remove a segment that begins with a dot.
        return other < 0
            || (pathAndQuery[other] == '.'
                && !pathAndQuery[other..].ContainsAnyExcept(PlainOrDot)
                && !pathAndQuery.Contains("/.", StringComparison.Ordinal));
    }
}
