namespace ClientSideLb.Tests.Docs;

/// <summary>The options, metrics and log lines that all Markdown files name exist.</summary>
public sealed class DocNamesTests
{
    [Fact]
    public void Every_option_metric_and_log_line_of_the_documents_exists()
    {
        var faults = MarkdownPage.ReadAll().SelectMany(DocNames.FindFaults).ToList();

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Theory]
    [InlineData("Set `Failover.AttemptTimeout`, and `Failover.AttemptTimeout = …`.")]
    [InlineData("`ActiveHealthCheck.UseProbe` takes a probe.")]
    [InlineData("`HttpClient.Timeout` and `Strategy.Any` are none of ours.")]
    [InlineData("`clientsidelb.endpoint.available` is 0, and `clientsidelb.kubernetes.queries` is of a package.")]
    [InlineData("Lines 26 and 27, or line 6, 20 or 21.")]
    [InlineData("39 lines of code, and 99 more.")]
    public void A_name_that_exists_is_good(string line) => Assert.Empty(Check(line));

    [Theory]
    [InlineData("Set `Failover.AttemptTimeOut`.")]
    [InlineData("| `Failover:Attempts` | 3 |")]
    [InlineData("`clientsidelb.endpoint.is_available` is 0.")]
    [InlineData("See line 99.")]
    [InlineData("See lines 6, 20 or 99.")]
    public void A_name_that_nothing_has_is_told_by_document_and_line(string line) =>
        Assert.StartsWith("docs/page.md:2: ", Assert.Single(Check(line)), StringComparison.Ordinal);

    private static IReadOnlyList<string> Check(string line) => DocNames.FindFaults(new MarkdownPage("docs/page.md", ["# Title", line]));
}
