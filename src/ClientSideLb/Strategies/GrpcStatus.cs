using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace ClientSideLb.Strategies;

/// <summary>Reads the status of gRPC responses, whose HTTP status is 200 even for failures, and maps it to an HTTP status as Envoy does.</summary>
internal static class GrpcStatus
{
    private const string Header = "grpc-status";

    /// <summary>Gets the HTTP status that a response stands for: by its gRPC status if that is in the headers, otherwise its own.</summary>
    internal static HttpStatusCode GetHttpStatus(HttpRequestMessage request, HttpResponseMessage response) =>
        IsGrpc(request, response) && Read(response.Headers) is { } status ? status : response.StatusCode;

    /// <summary>Gets the HTTP status that the trailers of a response stand for, or <see langword="null"/> if they do not speak of the server.</summary>
    /// <param name="response">The response. Its body has been read to the end.</param>
    internal static HttpStatusCode? GetHttpStatusOfTrailers(HttpResponseMessage response) => Read(response.TrailingHeaders);

    /// <summary>Tells whether a response is that of a gRPC call.</summary>
    /// <remarks>All gRPC requests have content. That is checked first, because reading the headers of a response may allocate them.</remarks>
    internal static bool IsGrpc(HttpRequestMessage request, HttpResponseMessage response) =>
        request is { Content: not null }
        && response.StatusCode == HttpStatusCode.OK
        && response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
        && type.ToString().StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tells whether a request is a gRPC call.</summary>
    internal static bool IsGrpc(HttpRequestMessage request) =>
        request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var type) == true
        && type.ToString().StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the number of a gRPC status out of headers or trailers, or <see langword="null"/> if they have none.</summary>
    internal static int? ReadCode(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(Header, out var value) && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;

    private static HttpStatusCode? Read(HttpResponseHeaders headers) => ReadCode(headers) is { } status ? Map(status) : null;

    // Envoy's Grpc::Utility::grpcToHttpStatus, for the codes that speak of the server.
    private static HttpStatusCode? Map(int status) => status switch
    {
        4 => HttpStatusCode.GatewayTimeout,
        8 => HttpStatusCode.TooManyRequests,
        13 or 15 => HttpStatusCode.InternalServerError,
        14 => HttpStatusCode.ServiceUnavailable,
        _ => null,
    };
}
