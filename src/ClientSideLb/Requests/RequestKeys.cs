using System.Net;
using System.Net.Sockets;
using ClientSideLb.Configuration;
using ClientSideLb.Strategies;

namespace ClientSideLb.Requests;

/// <summary>Finds the hash key and the caller of a request by the options of its client.</summary>
internal sealed class RequestKeys : PickKeys
{
    private readonly Func<HttpRequestMessage, string?>? _selector;
    private readonly Func<HttpRequestMessage, string?>? _configured;
    private readonly IAmbientClientIp? _ambient;

    /// <param name="options">The client's options.</param>
    /// <param name="ambient">
    /// Finds the caller of a request that has none set, or <see langword="null"/> if the application has not registered one.
    /// </param>
    internal RequestKeys(LoadBalancingOptions options, IAmbientClientIp? ambient)
    {
        _ambient = ambient;
        _selector = options.HashKeySelector;
        if (HashKeySyntax.TryParse(options.HashKey, out var syntax))
        {
            ReadsCookies = syntax.Kind == HashKeySyntax.Part.Cookie;
            _configured = CreateReader(syntax);
        }
    }

    /// <summary>Gets a value indicating whether the hash key of a request may be a cookie.</summary>
    internal bool ReadsCookies { get; }

    internal override string? GetHashKey(object request)
    {
        var message = (HttpRequestMessage)request;
        return message.GetHashKey()
            ?? _selector?.Invoke(message)
            ?? _configured?.Invoke(message)
            ?? message.RequestUri?.PathAndQuery;
    }

    internal override IPAddress? GetClientIp(object request) => GetCaller((HttpRequestMessage)request);

    private IPAddress GetCaller(HttpRequestMessage request) =>
        Canonicalize(request.GetClientIp() ?? _ambient?.ClientIp ?? ForwardedFor.Read(request) ?? OutboundAddress.Value);

    // A socket for both IPv4 and IPv6 shows the caller 192.0.2.1 as ::ffff:192.0.2.1. The zone of a link-local address is this machine's name
    // for one of its networks. IpHash hashes neither.
    private static IPAddress Canonicalize(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() :
        address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) :
        address;

    private Func<HttpRequestMessage, string?> CreateReader(HashKeySyntax syntax)
    {
        var name = syntax.Name;
        return syntax.Kind switch
        {
            HashKeySyntax.Part.Header => request => ReadHeader(request, name),
            HashKeySyntax.Part.Cookie => request => ReadCookie(request, name) ?? StoredCookies.Find(request, name),
            HashKeySyntax.Part.Query => request => ReadQuery(request, name),
            HashKeySyntax.Part.Path => static request => request.RequestUri?.AbsolutePath,
            HashKeySyntax.Part.ClientIp => request => GetCaller(request).ToString(),
            _ => throw new ArgumentOutOfRangeException(nameof(syntax), syntax.Kind.ToString()),
        };
    }

    private static string? ReadHeader(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static string? ReadCookie(HttpRequestMessage request, string name)
    {
        if (!request.Headers.NonValidated.TryGetValues("Cookie", out var headers))
        {
            return null;
        }

        foreach (var header in headers)
        {
            foreach (var pair in header.AsSpan().Split(';'))
            {
                if (FindValue(header.AsSpan()[pair].Trim(), name) is { } value)
                {
                    return value;
                }
            }
        }

        return null;
    }

    private static string? ReadQuery(HttpRequestMessage request, string name)
    {
        var query = (request.RequestUri?.Query ?? "").AsSpan().TrimStart('?');
        foreach (var pair in query.Split('&'))
        {
            if (FindValue(query[pair], Uri.EscapeDataString(name)) is { } value)
            {
                return Uri.UnescapeDataString(value.Replace('+', ' '));
            }
        }

        return null;
    }

    private static string? FindValue(ReadOnlySpan<char> pair, string name) =>
        pair.StartsWith(name, StringComparison.Ordinal) && pair.Length > name.Length && pair[name.Length] == '='
            ? pair[(name.Length + 1)..].ToString()
            : null;
}
