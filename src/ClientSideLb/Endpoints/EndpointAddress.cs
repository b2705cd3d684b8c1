using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>Where an endpoint is. Two are the same when scheme, host, port and base path are.</summary>
internal sealed class EndpointAddress
{
    /// <param name="address">An address that <see cref="FindFault"/> has nothing against.</param>
    internal EndpointAddress(Uri address)
    {
        Uri = address;
        IsHttps = address.Scheme is "https" or "wss";
        IsIpAddress = address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;

        var basePath = address.AbsolutePath.TrimEnd('/');
        HashName = string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}{basePath}");
        Prefix = string.Create(CultureInfo.InvariantCulture, $"{(IsHttps ? "https" : "http")}://{address.Host}:{address.Port}{basePath}");
        Seed = Prefix.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Gets the address as it was given.</summary>
    internal Uri Uri { get; }

    internal bool IsHttps { get; }

    internal bool IsIpAddress { get; }

    /// <summary>Gets what stands before the request's path and query in a rewritten address; there is no slash at its end.</summary>
    internal string Prefix { get; }

    /// <summary>Gets the canonical form by which addresses are compared.</summary>
    internal string Key => Prefix;

    /// <summary>Gets a number by which the hashes of paths at different endpoints differ.</summary>
    internal int Seed { get; }

    /// <summary>Gets <c>host:port</c> with the base path behind it: the endpoint's name on a hash ring, as in Envoy and gRPC.</summary>
    internal string HashName { get; }

    /// <summary>The default port of a scheme, or -1 where it has none.</summary>
    internal static int DefaultPort(bool https) => https ? 443 : 80;

    /// <summary>Says what keeps an address from being an endpoint's, or <see langword="null"/> where nothing does.</summary>
    internal static string? FindFault(Uri? address)
    {
        if (address is null)
        {
            return "is missing; expected an absolute http or https address.";
        }

        // The address is not shown here where it might hold a password.
        return address switch
        {
            { IsAbsoluteUri: false } when address.OriginalString.Contains('@', StringComparison.Ordinal) => "is not absolute; expected an absolute http or https address.",
            { IsAbsoluteUri: false } => $"is '{address}'; expected an absolute address such as 'http://{address}/'.",
            { Scheme: not ("http" or "https" or "ws" or "wss") } => $"has the scheme '{address.Scheme}'; expected http or https.",
            { UserInfo.Length: > 0 } => $"of '{address.Host}' has user information, which HTTP does not send; set an Authorization header on the client instead.",
            { Query.Length: > 0 } or { Fragment.Length: > 0 } => $"of '{address.Host}' has a query or a fragment; expected scheme, host, port and base path only.",
            { Host.Length: 0 } => $"is '{address}', which names no host.",
            _ => null,
        };
    }
}
