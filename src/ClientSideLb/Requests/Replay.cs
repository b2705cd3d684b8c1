using System.Net.Http.Json;

namespace ClientSideLb.Requests;

/// <summary>Tells which requests may be sent again although they may have been received.</summary>
internal static class Replay
{
    /// <summary>Tells whether sending a request twice does no harm (RFC 9110, section 9.2.2), and its content can be read twice.</summary>
    internal static bool IsSafe(HttpRequestMessage request) => IsIdempotent(request.Method) && IsRepeatable(request.Content);

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete
        || method == HttpMethod.Options || method == HttpMethod.Trace;

    // Content made from memory can be read again. A stream cannot, and of a type that is not known nobody can tell.
    private static bool IsRepeatable(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        MultipartContent parts => parts.All(IsRepeatable),
        _ => false,
    };
}
