using System.Net.Http.Json;

namespace ClientSideLb.Requests;

/// <summary>Decides which requests may be sent again although an endpoint may have received them.</summary>
internal static class Replay
{
    /// <summary>Tells whether a request's method is idempotent (RFC 9110, section 9.2.2), and its content can be read twice.</summary>
    internal static bool IsSafe(HttpRequestMessage request) => IsIdempotent(request.Method) && IsRepeatable(request.Content);

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete
        || method == HttpMethod.Options || method == HttpMethod.Trace;

    // Content in memory can be read again. A stream cannot. Content of an unknown type might be a stream.
    private static bool IsRepeatable(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        MultipartContent parts => parts.All(IsRepeatable),
        _ => false,
    };
}
