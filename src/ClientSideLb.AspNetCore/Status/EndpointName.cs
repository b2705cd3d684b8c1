using System.Globalization;

namespace ClientSideLb.AspNetCore.Status;

/// <summary>The name of an endpoint on the page. The metrics use the same name, so the page can find an endpoint's traffic by it.</summary>
internal static class EndpointName
{
    /// <summary>Formats an address as <c>http</c> or <c>https</c>, host, port and base path, without credentials.</summary>
    internal static string Format(Uri address) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(address.Scheme is "https" or "wss" ? "https" : "http")}://{address.Host}:{address.Port}{address.AbsolutePath.TrimEnd('/')}");
}
