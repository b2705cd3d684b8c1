using System.Diagnostics.CodeAnalysis;
using DnsClient;

namespace ClientSideLb.Dns.Names;

/// <summary>The form that names have in DNS.</summary>
internal static class DnsNameSyntax
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>Gets the name in the form that DNS uses: ASCII, lower case, without a dot at its end.</summary>
    internal static bool TryNormalize(string? name, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (string.IsNullOrWhiteSpace(name))
        {
            return false;
        }

        string ascii;
        try
        {
            ascii = DnsString.Parse(name).Value.TrimEnd('.');
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }

        if (ascii.Length is 0 or > LongestName || ascii.Split('.').Any(static label => label.Length is 0 or > LongestLabel || !label.All(IsAllowed)))
        {
            return false;
        }

        normalized = ascii.ToLowerInvariant();
        return true;
    }

    /// <summary>Tells whether a text is the name of a port: one label, without its underscore.</summary>
    internal static bool IsPortName(string text) =>
        text.Length is > 0 and < LongestLabel && text.All(static one => char.IsAsciiLetterOrDigit(one) || one == '-');

    private static bool IsAllowed(char one) => char.IsAsciiLetterOrDigit(one) || one is '-' or '_';
}
