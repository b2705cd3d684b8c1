namespace GatewayContrast;

/// <summary>What to make of the figures.</summary>
internal static class Guide
{
    internal static string Begin(TimeSpan duration) =>
        $"{ContrastOptions.Backends} backends, the same load both ways, {duration.TotalSeconds} s.";

    internal static IReadOnlyList<string> Legend { get; } =
    [
        "The hop is what the gateway adds: it receives, reads, writes and sends each",
        "request once more. Here everything runs on one machine. Between machines the",
        "hop also adds a network round trip.",
        "A gateway is good for callers that are many, use any language, or must not",
        "know the backends, and for TLS, sign-in or limits in one place.",
    ];

    internal static string Failed(int failures) => $"{failures} requests failed.";
}
