using System.Buffers;

namespace ClientSideLb;

/// <summary>
/// Reads the path and query of addresses where they stand, if they stand there as they are to be sent. Safe for many threads, without a lock.
/// </summary>
/// <remarks>
/// <see cref="Uri.PathAndQuery"/> parses the rest of an address that is new, and makes a string. Most addresses hold nothing that
/// parsing would change.
/// </remarks>
internal sealed class PathReader
{
    private const string BeforeAuthority = "://";

    // What stays as it is in path and query alike, whether they are canonicalised or not: no escapes, no dots, and nothing that ends them.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/?-_~=&+,;:@!$*()");

    private static readonly SearchValues<char> PlainOrDot =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/?-_~=&+,;:@!$*().");

    private static readonly SearchValues<char> EndsOfAuthority = SearchValues.Create("/\\?#");

    // Scheme and authority of the latest address, which the next one most often shares.
    private string _start = "";

    /// <summary>Gets the path and query of an absolute address, the same characters as <see cref="Uri.PathAndQuery"/>.</summary>
    internal ReadOnlySpan<char> PathAndQueryOf(Uri address)
    {
        var whole = address.OriginalString.AsSpan();
        var start = Volatile.Read(ref _start);
        var length = start.Length > 0 && whole.Length > start.Length && whole[start.Length] == '/' && whole.StartsWith(start)
            ? start.Length
            : StartOf(address, whole);
        return length > 0 && IsPlain(whole[length..]) ? whole[length..] : address.PathAndQuery;
    }

    // The length of scheme and authority, or 0 where no path follows them.
    private int StartOf(Uri address, ReadOnlySpan<char> whole)
    {
        var scheme = address.Scheme.Length;
        if (whole.Length <= scheme || !whole[scheme..].StartsWith(BeforeAuthority))
        {
            return 0;
        }

        var before = scheme + BeforeAuthority.Length;
        var authority = whole[before..].IndexOfAny(EndsOfAuthority);
        if (authority < 0 || whole[before + authority] != '/')
        {
            return 0;
        }

        Volatile.Write(ref _start, whole[..(before + authority)].ToString());
        return before + authority;
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
