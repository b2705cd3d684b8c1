using System.Globalization;
using System.Net.Sockets;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Requests;

/// <summary>
/// Says in the library's own words why something failed on the network. The text of an exception is never used: it may contain secrets, such as the
/// password of a proxy, and text of a backend.
/// </summary>
internal static class FailureText
{
    /// <summary>Describes an exception by a few words and its error code, or by its type if it does not come from the network.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="otherwise">The words for an exception that does not come from the network.</param>
    internal static string Describe(Exception failure, string otherwise)
    {
        var (words, code) = Find(failure);
        return $"{words ?? otherwise} ({code ?? ErrorType.Of(failure)})";
    }

    private static (string? Words, string? Code) Find(Exception failure)
    {
        string? words = null;
        string? code = null;
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException socket:
                    return (words ?? WordsFor(socket.SocketErrorCode), socket.SocketErrorCode.ToString());
                case HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: { } status }:
                    return (WordsFor(HttpRequestError.ProxyTunnelError), ((int)status).ToString(CultureInfo.InvariantCulture));
                case HttpProtocolException protocol:
                    return (WordsFor(HttpRequestError.HttpProtocolError), $"0x{protocol.ErrorCode:x}");
                case HttpRequestException request:
                    words ??= WordsFor(request.HttpRequestError);
                    break;
                case HttpIOException io:
                    words ??= WordsFor(io.HttpRequestError);
                    break;
                case TimeoutException:
                    words ??= "the connection timed out";
                    code ??= ErrorType.Timeout;
                    break;
            }
        }

        return (words, code);
    }

    // A failed connection is described by its socket error, which is more exact.
    private static string? WordsFor(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name was not found",
        HttpRequestError.SecureConnectionError => "TLS could not be established",
        HttpRequestError.HttpProtocolError => "the response broke the HTTP protocol",
        HttpRequestError.ExtendedConnectNotSupported or HttpRequestError.VersionNegotiationError => "the HTTP version was not accepted",
        HttpRequestError.UserAuthenticationError => "the authentication failed",
        HttpRequestError.ProxyTunnelError => "the proxy made no connection",
        HttpRequestError.InvalidResponse => "the response was not valid",
        HttpRequestError.ResponseEnded => "the response ended too early",
        HttpRequestError.ConfigurationLimitExceeded => "the response exceeded a limit of this client",
        _ => null,
    };

    // The connection may be the one to a proxy, so the words do not accuse the endpoint.
    private static string WordsFor(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "the connection was refused",
        SocketError.TimedOut => "the connection timed out",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the name was not found",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown => "no route was found",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the connection was closed",
        _ => "the connection failed",
    };
}
