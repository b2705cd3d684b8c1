using System.Net.Sockets;
using Polly.Timeout;

namespace ClientSideLb.Requests;

/// <summary>Reads from the exceptions of <see cref="SocketsHttpHandler"/> what happened on the network.</summary>
internal static class NetworkFailure
{
    // RFC 9113, section 7: the server has not processed the stream.
    private const long RefusedStream = 7;

    /// <summary>Tells whether an exception came from the network, or from waiting for it too long. A fault in the request itself did not.</summary>
    internal static bool IsFromNetwork(Exception exception)
    {
        if (exception is TimeoutRejectedException || TimeLimitFailure.Is(exception) || IsConnectTimeout(exception))
        {
            return true;
        }

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            var error = cause switch
            {
                HttpRequestException request => request.HttpRequestError,
                HttpIOException io => io.HttpRequestError,
                SocketException => HttpRequestError.ConnectionError,
                _ => HttpRequestError.Unknown,
            };
            if (error != HttpRequestError.Unknown)
            {
                // A response header above the client's own limit is no fault of the endpoint.
                return error != HttpRequestError.ConfigurationLimitExceeded;
            }
        }

        return false;
    }

    /// <summary>Tells whether a response exceeded a limit of this client.</summary>
    internal static bool IsClientLimit(Exception exception) => exception
        is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
        or HttpIOException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    /// <summary>Tells whether the endpoint refused the connection: nothing listens there.</summary>
    internal static bool IsRefused(Exception exception) => FindSocketError(exception) == SocketError.ConnectionRefused;

    /// <summary>Tells whether no connection could be made for the request. A reused connection may have been tried before.</summary>
    internal static bool IsNotConnected(Exception exception) => IsConnectTimeout(exception) || exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Tells whether the server refused the HTTP/2 stream, and so has not processed the request (RFC 9113, section 8.7).</summary>
    /// <remarks>
    /// The handler repeats streams above the last one of a GOAWAY by itself. The exception that it throws in the end does not distinguish them from streams
    /// that the server may have processed, so they count as processed.
    /// </remarks>
    internal static bool IsRefusedStream(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException { ErrorCode: RefusedStream })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether a connection broke off on which the request was sent.</summary>
    internal static bool IsBrokenConnection(Exception exception) =>
        IsFromNetwork(exception) && exception is not (OperationCanceledException or TimeoutRejectedException) && !TimeLimitFailure.Is(exception) && !IsNotConnected(exception);

    // SocketsHttpHandler.ConnectTimeout arrives as a cancellation with an inner TimeoutException.
    private static bool IsConnectTimeout(Exception exception) => exception is OperationCanceledException { InnerException: TimeoutException };

    private static SocketError? FindSocketError(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
