using System.Globalization;
using System.Net;
using Polly.Timeout;

namespace ClientSideLb.Telemetry;

/// <summary>
/// The value of the attribute <c>error.type</c>, by OpenTelemetry's semantic conventions for HTTP: the status, or the kind of failure. It
/// never contains text of a user or a backend, so the number of different values stays small.
/// </summary>
internal static class ErrorType
{
    internal const string Timeout = "timeout";

    // Each name is allocated once, so that a failure costs no more than a success. HttpResponseMessage allows statuses from 0 to 999.
    private static readonly string?[] StatusNames = new string?[1000];

    /// <summary>Gets the error of an attempt or a request, or <see langword="null"/> if it did not fail.</summary>
    internal static string? Of(in AttemptResult result) =>
        result.Exception is { } exception ? Of(exception) :
        result.IsRejected ? GetName(HttpStatusCode.TooManyRequests) :
        result.IsFailure ? GetName(result.Response!.StatusCode) :
        null;

    internal static string Of(Exception exception) => exception switch
    {
        TimeoutRejectedException or TimeoutException or OperationCanceledException { InnerException: TimeoutException } => Timeout,
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: TimeoutException } => Timeout,
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => GetName(error),
        HttpIOException { HttpRequestError: not HttpRequestError.Unknown and var error } => GetName(error),
        _ => exception.GetType().FullName!,
    };

    private static string GetName(HttpStatusCode status) => StatusNames[(int)status] ??= ((int)status).ToString(CultureInfo.InvariantCulture);

    private static string GetName(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "name_resolution_error",
        HttpRequestError.ConnectionError => "connection_error",
        HttpRequestError.SecureConnectionError => "secure_connection_error",
        HttpRequestError.HttpProtocolError => "http_protocol_error",
        HttpRequestError.ExtendedConnectNotSupported => "extended_connect_not_supported",
        HttpRequestError.VersionNegotiationError => "version_negotiation_error",
        HttpRequestError.UserAuthenticationError => "user_authentication_error",
        HttpRequestError.ProxyTunnelError => "proxy_tunnel_error",
        HttpRequestError.InvalidResponse => "invalid_response",
        HttpRequestError.ResponseEnded => "response_ended",
        HttpRequestError.ConfigurationLimitExceeded => "configuration_limit_exceeded",
        _ => "_OTHER",
    };
}
