using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>Reads parts of addresses that <see cref="Uri"/> gives incompletely, or with more than a message may show.</summary>
internal static class AddressText
{
    // RFC 6874 writes a zone as "%25eth0". Sockets expect "%eth0", and Uri accepts both.
    private const string EscapedPercent = "25";

    /// <summary>Gets the host of an absolute address. An IPv6 address is in brackets, with its zone, as in <c>[fe80::1%eth0]</c>.</summary>
    /// <remarks><see cref="Uri.Host"/> has no zone. Only <see cref="Uri.IdnHost"/> has it, as it was written.</remarks>
    internal static string GetHost(Uri address)
    {
        if (address.HostNameType != UriHostNameType.IPv6 || GetZone(address.IdnHost) is not { Length: > 0 } zone)
        {
            return address.Host;
        }

        return $"{address.Host.AsSpan(0, address.Host.Length - 1)}%{zone}]";
    }

    /// <summary>Gets the host of an absolute address, and its port if that is not the default one, without user information.</summary>
    internal static string GetAuthority(Uri address) =>
        address.IsDefaultPort ? GetHost(address) : string.Create(CultureInfo.InvariantCulture, $"{GetHost(address)}:{address.Port}");

    /// <summary>Gets the scheme, host and port of an absolute address, without user information. The host has its zone.</summary>
    internal static string GetOrigin(Uri address) => address.IsDefaultPort
        ? $"{address.Scheme}://{GetHost(address)}"
        : string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{GetHost(address)}:{address.Port}");

    /// <summary>Tells whether the host of an address is an IPv6 address with a zone.</summary>
    internal static bool HasZone(Uri address) => address.HostNameType == UriHostNameType.IPv6 && address.IdnHost.Contains('%', StringComparison.Ordinal);

    /// <summary>Removes the query and the fragment from an address, because they may hold a secret that a message must not show.</summary>
    internal static string RemoveQuery(string address)
    {
        var end = address.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? address : address[..end];
    }

    private static ReadOnlySpan<char> GetZone(string host)
    {
        var percent = host.IndexOf('%', StringComparison.Ordinal);
        var zone = percent < 0 ? [] : host.AsSpan(percent + 1);
        return zone.Length > EscapedPercent.Length && zone.StartsWith(EscapedPercent) ? zone[EscapedPercent.Length..] : zone;
    }
}
