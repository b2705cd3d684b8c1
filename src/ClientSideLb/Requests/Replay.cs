using System.Net.Http.Json;

namespace ClientSideLb.Requests;

/// <summary>Tells which requests may be sent again although an endpoint may have received them already.</summary>
internal static class Replay
{
    /// <summary>Tells whether sending a request twice does no harm (RFC 9110, section 9.2.2), and its content can be read twice.</summary>
    internal static bool IsSafe(HttpRequestMessage request) => IsIdempotent(request.Method) && IsRepeatable(request.Content);

    /// <summary>Tells whether a method may be executed twice without harm (RFC 9110, section 9.2.2).</summary>
    internal static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete
        || method == HttpMethod.Options || method == HttpMethod.Trace;

    /// <summary>Tells whether content can be read again: content in memory can, a stream and a type of unknown behavior cannot.</summary>
    internal static bool IsRepeatable(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        MultipartContent parts => parts.All(IsRepeatable),
        _ => false,
    };
}
