using System.Text.RegularExpressions;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class ReadingHintsTests
{
    public static TheoryData<string> Scenarios => [.. ShortScenarios.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_last_line_says_what_to_read_and_names_a_plot_and_a_page_that_exist(string name)
    {
        var report = ShortScenarios.GetReport(name);
        var (result, hint) = (report.Result, report.Hint);

        Assert.NotEqual(ReadingHints.OfFile(result).Text, hint.Text);
        Assert.Contains(Plots.Of(result, ""), plot => Regex.IsMatch(plot.Name, $"^{hint.Plot.Replace("*", ".+", StringComparison.Ordinal)}$"));
        Assert.True(File.Exists(Repository.PathOf(hint.Page.Split('/'))), $"There is no page {hint.Page}.");
        var output = new StringWriter();
        ReportWriter.Write(output, report, folder: null);
        Assert.Equal($"What to read: {hint.Text} Plot (--out FOLDER): {hint.Plot}.svg. Explained in {hint.Page}", output.ToString().TrimEnd().Split(Environment.NewLine)[^1]);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_hint_names_a_column_of_the_table(string name)
    {
        var text = ShortScenarios.GetReport(name).Hint.Text;

        Assert.Contains(
            (string[])["p99", "p50", "errors", "at failing", "needlessly", "max ÷ mean", "connections", "to detect"],
            column => text.Contains(column, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_failed_no_plot_of_failures_is_named()
    {
        var result = KnownScenarios.Get("overload").Run(new ScenarioOptions { Load = 0.1, Duration = TimeSpan.FromSeconds(5) });

        Assert.Equal("latency-over-time", ReadingHints.Of("overload", result).Plot);
        Assert.Contains(Plots.Of(result, ""), static plot => plot.Name == "latency-over-time");
    }

    [Fact]
    public void Of_a_file_with_zones_the_table_of_the_zones_is_to_be_read()
    {
        Assert.Equal("latency-in-zone-*", ReadingHints.OfFile(ShortScenarios.GetReport("zone-outage").Result).Plot);
        Assert.Equal("latency-over-time", ReadingHints.OfFile(ShortScenarios.GetReport("outage").Result).Plot);
    }
}
