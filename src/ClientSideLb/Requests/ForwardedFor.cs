using System.Net;

namespace ClientSideLb.Requests;

/// <summary>
/// Reads the caller's address from the headers that pass it on: <c>X-Forwarded-For</c>, or <c>Forwarded</c> (RFC 7239). The first address
/// is the caller's. The others belong to proxies. If <c>X-Forwarded-For</c> has no address that can be read, <c>Forwarded</c> is read.
/// </summary>
internal static class ForwardedFor
{
    internal static IPAddress? Read(HttpRequestMessage request) =>
        Parse(GetFirstValue(request, "X-Forwarded-For")) ?? Parse(FindForParameter(GetFirstValue(request, "Forwarded")));

    private static string? GetFirstValue(HttpRequestMessage request, string name)
    {
        if (!request.Headers.NonValidated.TryGetValues(name, out var values))
        {
            return null;
        }

        foreach (var value in values)
        {
            return value;
        }

        return null;
    }

    private static ReadOnlySpan<char> FindForParameter(ReadOnlySpan<char> forwarded)
    {
        var element = GetFirstElement(forwarded, ',');
        foreach (var range in element.Split(';'))
        {
            var pair = element[range].Trim();
            if (pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
            {
                return pair["for=".Length..].Trim('"');
            }
        }

        return [];
    }

    // An address may have a port, as in 192.0.2.1:4711 or [2001:db8::1]:4711.
    private static IPAddress? Parse(ReadOnlySpan<char> addresses)
    {
        var first = GetFirstElement(addresses, ',').Trim();
        if (IPAddress.TryParse(first, out var address))
        {
            return address;
        }

        return IPEndPoint.TryParse(first, out var withPort) ? withPort.Address : null;
    }

    private static ReadOnlySpan<char> GetFirstElement(ReadOnlySpan<char> list, char separator)
    {
        var end = list.IndexOf(separator);
        return end < 0 ? list : list[..end];
    }
}
