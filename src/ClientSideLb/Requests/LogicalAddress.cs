using System.Globalization;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>The parts of a request's address that name a service, before the request is balanced.</summary>
/// <param name="Scheme">
/// The allowed schemes in order of preference, joined by <c>+</c>. <c>ws</c> and <c>wss</c> are replaced by <c>http</c> and <c>https</c>.
/// </param>
/// <param name="Host">The host, which is the name of the service. An IPv6 address has its zone.</param>
/// <param name="Port">The port, or -1 for the scheme's default port.</param>
internal readonly record struct LogicalAddress(string Scheme, string Host, int Port)
{
    internal static LogicalAddress Of(Uri uri) =>
        new(ReplaceWebSocketSchemes(uri.Scheme), AddressText.GetHost(uri), uri.IsDefaultPort ? -1 : uri.Port);

    /// <summary>Gets a value indicating whether the request must not be sent over plain http.</summary>
    internal bool HttpsOnly => IsHttpsOnly(Scheme);

    internal static bool IsHttpsOnly(string scheme) => scheme is "https" or "wss"
        || (scheme.Contains('+', StringComparison.Ordinal) && scheme.Split('+').All(static part => part is "https" or "wss"));

    /// <summary>
    /// Tells whether requests with a scheme can be balanced: those with <c>https+http</c> can, those with <c>ftp</c> cannot.
    /// </summary>
    internal static bool IsHttp(string scheme) => scheme is "http" or "https" or "https+http" or "ws" or "wss"
        || scheme.Split('+').All(static part => part is "http" or "https" or "ws" or "wss");

    /// <summary>
    /// Tells whether an address names the same service as a request's address: by the same host and port, and by a scheme that the request
    /// allows. <c>http://api/</c> means the service of <c>https+http://api/</c>.
    /// </summary>
    /// <param name="logical">The request's address.</param>
    /// <param name="other">The other address.</param>
    /// <param name="allowHttps">Whether <c>https</c> is allowed even if the request's address does not name it.</param>
    internal static bool IsSameService(Uri logical, Uri other, bool allowHttps)
    {
        if (!IsHttp(other.Scheme))
        {
            return false;
        }

        var (one, two) = (Of(logical), Of(other));
        var schemes = one.Scheme.Split('+');
        return string.Equals(one.Host, two.Host, StringComparison.OrdinalIgnoreCase)
            && (one.Port == two.Port || logical.Port == other.Port)
            && two.Scheme.Split('+').All(scheme => (allowHttps && scheme == "https") || schemes.Contains(scheme));
    }

    /// <summary>Gets the name in the form that service discovery expects.</summary>
    public override string ToString() => Port < 0
        ? $"{Scheme}://{Host}"
        : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    private static string ReplaceWebSocketSchemes(string scheme) => scheme switch
    {
        "http" or "https" or "https+http" => scheme,
        _ => string.Join('+', scheme.Split('+').Select(static part => part switch { "ws" => "http", "wss" => "https", _ => part })),
    };
}
