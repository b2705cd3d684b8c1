namespace GatewayContrast;

/// <summary>Texts that explain the figures.</summary>
internal static class Guide
{
    internal static IReadOnlyList<string> Legend { get; } =
    [
        "The hop is the cost of the gateway, which receives, reads, writes and sends each",
        "request once more. On a network, it also adds a round trip.",
        "A gateway is good for many callers in any language, for callers that must not",
        "know the backends, and for TLS, sign-in or limits in one place.",
    ];

    internal static string DescribeLoad(TimeSpan duration) =>
        $"{ContrastOptions.Backends} backends, the same load both ways, {duration.TotalSeconds} s.";

    internal static string DescribeFailures(int failures) => $"{failures} requests failed.";
}
