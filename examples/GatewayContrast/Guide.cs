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

    /// <summary>Says that the machine was too busy for a table. There are no lines if it was not.</summary>
    internal static IEnumerable<string> DescribeNoise(Contrast contrast)
    {
        var hop = contrast.Hop;
        if (!hop.SaysNothing && !hop.IsWide)
        {
            yield break;
        }

        yield return "";
        yield return $"{Line.CreateHeaders(contrast.Concurrency).What}: from round to round, the hop is x {hop.Low:0.00} to x {hop.High:0.00}.";
        yield return hop.SaysNothing
            ? "  The machine is too busy to say which way is faster. Do not trust this table."
            : "  The machine is busy. The figures of this table are rough.";
        yield return "  Stop other programs, or send for longer with --seconds.";
    }

    internal static string DescribeFailures(int failures) => $"{failures} requests failed.";
}
