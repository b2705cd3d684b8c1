using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dashboards.Tests.Dashboard;

/// <summary>The names that OpenTelemetry's exporter for Prometheus gives to the instruments of docs/observability.md.</summary>
internal static class ExportedNames
{
    /// <summary>Gets the name of each instrument without the suffixes of the series of a histogram, and whether it is a histogram.</summary>
    internal static IReadOnlyList<(string Name, bool IsHistogram)> Metrics { get; } =
    [
        .. File.ReadLines(RepositoryFiles.PathOf("docs", "observability.md"))
            .SkipWhile(static line => !line.StartsWith("| instrument |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(static cells => (NameOf(cells[1].Trim('`'), cells[2], cells[3].Trim('`')), cells[2] == "Histogram")),
    ];

    private static string NameOf(string instrument, string kind, string unit) =>
        instrument.Replace('.', '_') + (unit == "s" ? "_seconds" : "") + (kind == "Counter" ? "_total" : "");
}
