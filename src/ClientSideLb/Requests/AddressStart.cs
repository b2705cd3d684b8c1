using System.Buffers;

namespace ClientSideLb.Requests;

/// <summary>
/// Scheme and authority as they stand at the start of addresses, by which those that share them are known without being parsed: a request
/// most often has a new <see cref="Uri"/>, and to ask that for its host costs about 100 ns. Immutable.
/// </summary>
internal sealed class AddressStart
{
    private const string BeforeAuthority = "://";

    // Of others, such as IPv6 addresses and user names, the address itself is asked: "http://[::1]a/b" has the path "/a/b".
    private static readonly SearchValues<char> PlainAuthority =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:");

    private readonly string _text;

    private AddressStart(string text) => _text = text;

    /// <summary>Gets how many characters it has.</summary>
    internal int Length => _text.Length;

    /// <summary>Reads the start of an absolute address, or gives <see langword="null"/> where it is not an http address of a plain host, and then a path.</summary>
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

    /// <summary>Tells whether an address has this scheme and authority, and then a path. One that has not may have the same in other words.</summary>
    internal bool IsOf(Uri address)
    {
        var whole = address.OriginalString;
        return whole.Length > _text.Length && whole[_text.Length] == '/' && whole.AsSpan().StartsWith(_text);
    }
}
