using System.Diagnostics.CodeAnalysis;

namespace ClientSideLb.Configuration;

/// <summary>A parsed <see cref="LoadBalancingOptions.HashKey"/>: a part of the request, and a name if that part needs one.</summary>
internal readonly record struct HashKeySyntax(HashKeySyntax.Part Kind, string Name)
{
    internal const string Expected = "'header:NAME', 'query:NAME', 'cookie:NAME', 'path' or 'client-ip'";

    internal enum Part
    {
        Header,
        Query,
        Cookie,
        Path,
        ClientIp,
    }

    internal static bool TryParse([NotNullWhen(true)] string? text, out HashKeySyntax syntax)
    {
        syntax = default;
        if (text is null)
        {
            return false;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = (colon < 0 ? text : text[..colon]).Trim();
        var name = colon < 0 ? "" : text[(colon + 1)..].Trim();
        Part? part = kind.ToLowerInvariant() switch
        {
            "header" when IsToken(name) => Part.Header,
            "query" when name.Length > 0 => Part.Query,
            "cookie" when IsToken(name) => Part.Cookie,
            "path" when colon < 0 => Part.Path,
            "client-ip" when colon < 0 => Part.ClientIp,
            _ => null,
        };

        if (part is null)
        {
            return false;
        }

        syntax = new HashKeySyntax(part.Value, name);
        return true;
    }

    // RFC 9110, section 5.6.2, defines the characters that the name of a header or a cookie may contain.
    private static bool IsToken(string name) =>
        name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
