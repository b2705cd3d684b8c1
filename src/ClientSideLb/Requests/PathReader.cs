using System.Buffers;

namespace ClientSideLb.Requests;

/// <summary>
/// Reads the path and query of addresses where they stand, if they stand there as they are to be sent. Safe for many threads, without a lock.
/// </summary>
/// <remarks>
/// <see cref="Uri.PathAndQuery"/> parses the rest of an address that is new, and makes a string. Most addresses hold nothing that
/// parsing would change.
/// </remarks>
internal sealed class PathReader
{
    // What stays as it is in path and query alike, whether they are canonicalised or not: no escapes, no dots, and nothing that ends them.
    private const string PlainCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/?-_~=&+,;:@!$*()";

    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainCharacters);
    private static readonly SearchValues<char> PlainOrDot = SearchValues.Create(PlainCharacters + ".");

    // That of the latest address, which the next one most often shares.
    private volatile AddressStart? _start;

    /// <summary>Gets the path and query of an absolute address, the same characters as <see cref="Uri.PathAndQuery"/>.</summary>
    internal ReadOnlySpan<char> PathAndQueryOf(Uri address)
    {
        if (_start is not { } start || !start.IsOf(address))
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

        // A dot is often part of a name, as in "/v1.0"; a segment that is or begins with one may be taken out.
        return other < 0
            || (pathAndQuery[other] == '.'
                && !pathAndQuery[other..].ContainsAnyExcept(PlainOrDot)
                && !pathAndQuery.Contains("/.", StringComparison.Ordinal));
    }
}
