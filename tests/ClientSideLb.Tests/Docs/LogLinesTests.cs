using System.Globalization;
using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Docs;

/// <summary>docs/log-lines.md lists the log events of all packages, and nothing else.</summary>
public sealed partial class LogLinesTests
{
    private static readonly string[] Packages = ["ClientSideLb", "ClientSideLb.AspNetCore", "ClientSideLb.Consul", "ClientSideLb.Dns", "ClientSideLb.Kubernetes"];

    private readonly List<string[]> _rows =
    [
        .. File.ReadLines(Repository.PathOf("docs", "log-lines.md"))
            .Where(static line => Row().IsMatch(line))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    private static readonly List<LogEvent> Events =
    [
        .. Packages
            .SelectMany(static package => Directory.EnumerateFiles(Repository.PathOf("src", package), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static file => Event().Matches(File.ReadAllText(file)))
            .Select(static match => new LogEvent(
                int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["level"].Value, match.Groups["name"].Value, match.Groups["parameters"].Value))
            .OrderBy(static one => one.Id),
    ];

    [Fact]
    public void The_page_lists_every_log_event_with_its_id_and_level()
    {
        // The level of line 404 depends on the name. The page names the usual one.
        Assert.Equal(
            Events.Select(static one => $"{one.Id} {(one.Level.Length > 0 ? one.Level : "Information")} {one.Name}"),
            _rows.Select(static row => $"{row[0]} {row[1]} {row[2]}"));
        Assert.Equal(Events.Count, Events.Select(static one => one.Id).Distinct().Count());
        Assert.True(Events.Count > 60, $"{Events.Count} events were found");
    }

    [Fact]
    public void The_page_says_of_each_what_it_means_and_what_to_do()
    {
        Assert.All(_rows, static row => Assert.Equal(5, row.Length));
        Assert.All(_rows, static row => Assert.NotEmpty(row[3]));
        Assert.All(_rows, static row => Assert.NotEmpty(row[4]));
    }

    [Fact]
    public void No_log_event_of_any_package_takes_an_address_or_a_duration_in_a_form_of_its_own() =>
        Assert.All(Events, static one => Assert.DoesNotMatch(@"\b(Uri|TimeSpan|EndPoint|IPEndPoint)\??\s", one.Parameters));

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(?<id>\d+),(?: LogLevel\.(?<level>\w+),)?[^\n]*\]\s+internal static partial void (?<name>\w+)\((?<parameters>[^)]*)\)")]
    private static partial Regex Event();

    private sealed record LogEvent(int Id, string Level, string Name, string Parameters);
}
