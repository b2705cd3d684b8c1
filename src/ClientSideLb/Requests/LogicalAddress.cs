using System.Globalization;

namespace ClientSideLb.Requests;

/// <summary>What a request's address says before it is balanced: which schemes it allows, and which service it names.</summary>
/// <param name="Scheme">The allowed schemes in order of preference, joined by <c>+</c>; <c>ws</c> and <c>wss</c> stand as <c>http</c> and <c>https</c>.</param>
/// <param name="Host">The host, which names the service.</param>
/// <param name="Port">The port, or -1 where the scheme's default is meant.</param>
internal readonly record struct LogicalAddress(string Scheme, string Host, int Port)
{
    internal static LogicalAddress Of(Uri uri) =>
        new(WithoutWebSocket(uri.Scheme), uri.Host, uri.IsDefaultPort ? -1 : uri.Port);

    /// <summary>Gets a value indicating whether the request must not go over plain http.</summary>
    internal bool HttpsOnly => IsHttpsOnly(Scheme);

    internal static bool IsHttpsOnly(string scheme) => scheme is "https" or "wss"
        || (scheme.Contains('+', StringComparison.Ordinal) && scheme.Split('+').All(static part => part is "https" or "wss"));

    /// <summary>Tells whether a scheme is one that can be balanced; <c>https+http</c> is, <c>ftp</c> is not.</summary>
    internal static bool IsHttp(string scheme) => scheme is "http" or "https" or "https+http" or "ws" or "wss"
        || scheme.Split('+').All(static part => part is "http" or "https" or "ws" or "wss");

    /// <summary>Gets the form in which service discovery is asked.</summary>
    public override string ToString() => Port < 0
        ? $"{Scheme}://{Host}"
        : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    private static string WithoutWebSocket(string scheme) => scheme switch
    {
        "http" or "https" or "https+http" => scheme,
        _ => string.Join('+', scheme.Split('+').Select(static part => part switch { "ws" => "http", "wss" => "https", _ => part })),
    };
}
