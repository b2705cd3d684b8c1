using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Docs;

/// <summary>docs/log-lines.md lists the log events of all packages, and nothing else.</summary>
public sealed partial class LogLinesTests
{
    private readonly List<string[]> _rows =
    [
        .. File.ReadLines(Repository.PathOf("docs", "log-lines.md"))
            .Where(static line => Row().IsMatch(line))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void The_page_lists_every_log_event_with_its_id_and_level()
    {
        // The level of line 404 depends on the name. The page names the usual one.
        Assert.Equal(
            LogEvent.All.Select(static one => $"{one.Id} {(one.Level.Length > 0 ? one.Level : "Information")} {one.Name}"),
            _rows.Select(static row => $"{row[0]} {row[1]} {row[2]}"));
        Assert.Equal(LogEvent.All.Count, LogEvent.All.Select(static one => one.Id).Distinct().Count());
        Assert.True(LogEvent.All.Count > 60, $"{LogEvent.All.Count} events were found");
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
        Assert.All(LogEvent.All, static one => Assert.DoesNotMatch(@"\b(Uri|TimeSpan|EndPoint|IPEndPoint)\??\s", one.Parameters));

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex Row();
}
