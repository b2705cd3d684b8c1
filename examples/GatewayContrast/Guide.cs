namespace GatewayContrast;

/// <summary>What to make of the figures.</summary>
internal static class Guide
{
    internal static string Begin(TimeSpan duration) =>
        $"{ContrastOptions.Backends} backends, the same load both ways, {duration.TotalSeconds} s.";

    internal static IReadOnlyList<string> Legend { get; } =
    [
        "The hop is what the gateway adds: each request is received, read, written and",
        "sent once more. Here all is on one machine; elsewhere it is a round trip more.",
        "A gateway is good for all the same where callers are many or in any language,",
        "must not know the backends, or need TLS, sign-in or limits in one place.",
    ];

    internal static string Failed(int failures) => $"{failures} requests failed.";
}
