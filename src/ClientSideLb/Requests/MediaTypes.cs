using System.Net.Http.Headers;

namespace ClientSideLb.Requests;

/// <summary>Knows the media types whose bodies are streams.</summary>
internal static class MediaTypes
{
    private static readonly string[] Streams =
    [
        "text/event-stream",
        "multipart/x-mixed-replace",
        "application/x-ndjson",
        "application/jsonl",
        "application/json-seq",
        "application/stream+json",
        "application/grpc",
    ];

    /// <summary>Tells whether a body is a stream that may pause for any time, because it waits for the next event.</summary>
    internal static bool MayPause(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Type", out var values)
        && values.ToString() is var type
        && Array.Exists(Streams, stream => type.StartsWith(stream, StringComparison.OrdinalIgnoreCase));
}
