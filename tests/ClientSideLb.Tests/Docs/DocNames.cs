using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Docs;

/// <summary>Checks that the options, the metrics and the log lines that documents name exist.</summary>
internal static partial class DocNames
{
    // The packages for discovery have metrics of their own, which stand in their READMEs.
    private static readonly string[] OtherMeters = ["clientsidelb.kubernetes", "clientsidelb.dns", "clientsidelb.consul"];

    private static readonly HashSet<string> Telemetry =
    [
        .. typeof(TelemetryNames).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(static field => field.IsLiteral)
            .Select(static field => (string)field.GetRawConstantValue()!),
    ];

    private static readonly HashSet<int> LogLines = [.. LogEvent.All.Select(static one => one.Id)];

    /// <summary>Describes each name in a document that nothing has.</summary>
    internal static IReadOnlyList<string> FindFaults(MarkdownPage page) =>
    [
        .. from line in page.Lines.Index()
           from fault in FindFaultsIn(line.Item)
           select $"{page.Document}:{line.Index + 1}: {fault}",
    ];

    private static IEnumerable<string> FindFaultsIn(string line) =>
        Option().Matches(line).Select(static match => FindOption(match.Groups["section"].Value, match.Groups["name"].Value))
            .Concat(Metric().Matches(line).Select(static match => FindMetric(match.Groups["name"].Value)))
            .Concat(LogLine().Matches(line).SelectMany(static match => Number().Matches(match.Value)).Select(static match => FindLogLine(match.Value)))
            .OfType<string>();

    private static string? FindOption(string section, string name) =>
        typeof(LoadBalancingOptions).GetProperty(section) is not { } property || property.PropertyType.Namespace != typeof(LoadBalancingOptions).Namespace
        || property.PropertyType.GetMember(name).Length > 0
            ? null
            : $"{section} has no option {name}.";

    private static string? FindMetric(string name) =>
        Telemetry.Contains(name) || OtherMeters.Any(meter => name.StartsWith(meter, StringComparison.Ordinal)) ? null : $"there is no {name} in metrics and traces.";

    private static string? FindLogLine(string id) =>
        LogLines.Contains(int.Parse(id, CultureInfo.InvariantCulture)) ? null : $"there is no line {id} in the log.";

    [GeneratedRegex(@"`(?<section>[A-Z][A-Za-z]+)[.:](?<name>[A-Z][A-Za-z]+)\b")]
    private static partial Regex Option();

    [GeneratedRegex(@"`(?<name>clientsidelb(\.[a-z_]+)+)`")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\b[Ll]ines? \d+(?:(?:, (?:and |or )?| and | or )\d+)*")]
    private static partial Regex LogLine();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
