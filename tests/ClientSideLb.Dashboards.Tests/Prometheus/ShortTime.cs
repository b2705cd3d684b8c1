using System.Text.RegularExpressions;

namespace ClientSideLb.Dashboards.Tests.Prometheus;

/// <summary>
/// Makes a second of each minute in rules and queries: <c>[5m]</c> becomes <c>[5s]</c>, and <c>for: 2m</c> becomes <c>for: 2s</c>. Nothing else
/// changes, so the alerts fire in the same faults, sixty times as fast. Over their real time, <c>promtool test rules</c> tests them.
/// </summary>
internal static partial class ShortTime
{
    /// <summary>The range that Grafana uses for a rate if scrapes are a second apart, rounded up.</summary>
    internal const string RateInterval = "5s";

    internal static string Shorten(string rules) => Minutes().Replace(rules, "s");

    [GeneratedRegex(@"(?<=\[\d+|\bfor: \d+)m(?=\]|\r?$)", RegexOptions.Multiline)]
    private static partial Regex Minutes();
}
