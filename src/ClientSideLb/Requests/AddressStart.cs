using System.Buffers;

namespace ClientSideLb.Requests;

/// <summary>
/// The scheme and authority at the start of an address. Comparing the text of another address with them shows whether both name the same
/// service. Nearly every request has a new <see cref="Uri"/>, which would have to be parsed to read its host. Immutable.
/// </summary>
internal sealed class AddressStart
{
    private const string BeforeAuthority = "://";

    // Other authorities, such as IPv6 addresses or user names, are left to Uri: it reads "http://[::1]a/b" with the path "/a/b".
    private static readonly SearchValues<char> PlainAuthority =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:");

    private readonly string _text;

    private AddressStart(string text) => _text = text;

    /// <summary>Gets the number of characters.</summary>
    internal int Length => _text.Length;

    /// <summary>Reads the start of an absolute address.</summary>
    /// <returns>The start, or <see langword="null"/> if it is not an http scheme with a plain host, followed by a path.</returns>
    internal static AddressStart? Of(Uri address)
    {
        var whole = address.OriginalString.AsSpan();
        var scheme = address.Scheme.Length;
        if (!LogicalAddress.IsHttp(address.Scheme) || whole.Length <= scheme || !whole[scheme..].StartsWith(BeforeAuthority))
        {
            return null;
        }

        var before = scheme + BeforeAuthority.Length;
        var authority = whole[before..].IndexOfAnyExcept(PlainAuthority);
        return authority > 0 && whole[before + authority] == '/' && whole[before + authority - 1] != ':' ? new AddressStart(whole[..(before + authority)].ToString()) : null;
    }

    /// <summary>
    /// Tells whether an address begins with this text, followed by a path. If not, it may still name the same service, written differently.
    /// </summary>
    internal bool IsStartOf(Uri address)
    {
        var whole = address.OriginalString;
        return whole.Length > _text.Length && whole[_text.Length] == '/' && whole.AsSpan().StartsWith(_text);
    }
}
