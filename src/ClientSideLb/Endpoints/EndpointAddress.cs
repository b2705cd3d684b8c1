using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>
/// The address of an endpoint. Two addresses are the same endpoint's if their scheme, host, port and base path are equal. The zone of an
/// IPv6 address is a part of the host.
/// </summary>
internal sealed class EndpointAddress
{
    /// <param name="address">An address in which <see cref="FindFault"/> finds no fault.</param>
    internal EndpointAddress(Uri address)
    {
        Uri = address;
        IsHttps = address.Scheme is "https" or "wss";
        IsIpAddress = address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;

        BasePath = address.AbsolutePath.TrimEnd('/');
        HashName = string.Create(CultureInfo.InvariantCulture, $"{AddressText.GetHost(address)}:{address.Port}{BasePath}");
        Prefix = $"{(IsHttps ? "https" : "http")}://{HashName}";
        Seed = Prefix.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Gets the address as it was given.</summary>
    internal Uri Uri { get; }

    internal bool IsHttps { get; }

    internal bool IsIpAddress { get; }

    /// <summary>Gets the path of the address, without a slash at its end.</summary>
    internal string BasePath { get; }

    /// <summary>Gets the part of a rewritten address that comes before the request's path and query. It does not end with a slash.</summary>
    internal string Prefix { get; }

    /// <summary>Gets the canonical form of the address. Addresses are compared by it, and it is the form in which people read them everywhere.</summary>
    internal string Key => Prefix;

    /// <summary>Gets a seed for hashes of paths, so that the same path has different hashes at different endpoints.</summary>
    internal int Seed { get; }

    /// <summary>
    /// Gets the endpoint's name on a hash ring: <c>host:port</c>, as in Envoy and gRPC, followed by the base path. The zone of an IPv6 address
    /// is a part of the name. Otherwise all keys of two endpoints that differ only in their zones would go to one of them.
    /// </summary>
    internal string HashName { get; }

    /// <summary>Gets the default port of <c>https</c> or <c>http</c>.</summary>
    internal static int GetDefaultPort(bool https) => https ? 443 : 80;

    /// <summary>Finds out why an address cannot be an endpoint's. Returns the reason as the end of a sentence, or <see langword="null"/> if it can.</summary>
    internal static string? FindFault(Uri? address)
    {
        if (address is null)
        {
            return "is missing; expected an absolute http or https address.";
        }

        // A message shows the address only if it cannot hold a password, and never its query.
        return address switch
        {
            { IsAbsoluteUri: false } when address.OriginalString.Contains('@', StringComparison.Ordinal) => "is not absolute; expected an absolute http or https address.",
            { IsAbsoluteUri: false } => DescribeRelative(AddressText.RemoveQuery(address.OriginalString)),
            { Scheme: not ("http" or "https" or "ws" or "wss") } => $"has the scheme '{address.Scheme}'; expected http or https.",
            { UserInfo.Length: > 0 } => $"of '{address.Host}' has user information, which HTTP does not send; set an Authorization header on the client instead.",
            { Query.Length: > 0 } or { Fragment.Length: > 0 } => $"of '{address.Host}' has a query or a fragment; expected scheme, host, port and base path only.",
            { Host.Length: 0 } => $"is '{address}', which names no host.",
            _ => null,
        };
    }

    private static string DescribeRelative(string address) => $"is '{address}'; expected an absolute address such as 'http://{address.Trim('/')}'.";
}
