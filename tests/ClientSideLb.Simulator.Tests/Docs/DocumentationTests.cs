using System.Text.RegularExpressions;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Docs;

public sealed partial class DocumentationTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "simulator.md"));

    public static TheoryData<string> Pictures => [.. Directory.GetFiles(Repository.PathOf("docs", "images"), "*.svg").Select(static path => Path.GetFileName(path))];

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Repository.PathOf("examples", "Scenarios"), "*.json")];

    [Fact]
    public void The_document_has_the_summary_of_every_scenario() =>
        Assert.All(ScenarioCatalog.All, static scenario => Assert.Contains($"| `{scenario.Name}` | {scenario.Summary}", Document, StringComparison.Ordinal));

    [Fact]
    public void The_example_of_the_document_is_a_file_of_the_repository() =>
        Assert.Contains(File.ReadAllText(Repository.PathOf("examples", "Scenarios", "two-generations.json")), Document, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_can_be_run(string path)
    {
        var result = Simulation.Run(ScenarioFile.Read(path) with { Duration = TimeSpan.FromSeconds(10) });

        Assert.InRange(result.Requests, 1000, long.MaxValue);
    }

    [Fact]
    public async Task The_output_in_the_document_is_what_the_tool_prints() =>
        Assert.Equal(GetSample(Document), Trim(await CommandLine.RunAsync("slow-backend")));

    [Fact]
    public async Task The_output_beside_the_examples_is_what_the_tool_prints()
    {
        var output = await CommandLine.RunAsync("run", Repository.PathOf("examples", "Scenarios", "flaky.json"));

        Assert.Equal(
            GetSample(await File.ReadAllTextAsync(Repository.PathOf("examples", "Scenarios", "README.md"), TestContext.Current.CancellationToken)),
            Trim(output).Replace(Repository.Root.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace('\\', '/'));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_plot_of_the_documents_has_the_present_style_and_is_shown_on_a_page(string name)
    {
        var drawing = new SvgDrawing(File.ReadAllText(Repository.PathOf("docs", "images", name)));

        Assert.Equal(PlotTheme.StyleSheet, drawing.StyleSheet);
        Assert.Contains(
            Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories), page => File.ReadAllText(page).Contains($"images/{name})", StringComparison.Ordinal));

        // The plot says how it was made, and a scenario of today would be run the same way.
        var words = drawing.Texts[1].Text.Split(' ');
        Assert.Equal("lbsim", words[0]);
        Assert.Empty(Cli.Create(TextWriter.Null, TextWriter.Null).Parse(words[1..]).Errors);
    }

    private static string GetSample(string document) => Trim(Sample().Match(document).Groups[1].Value);

    // The version changes with each release, and lines are as wide as the table.
    private static string Trim(string output) =>
        string.Join('\n', output.TrimEnd().Split('\n').Select(static line => Version().Replace(line.TrimEnd(), "")));

    [GeneratedRegex("```text\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex("; lbsim [0-9].*$")]
    private static partial Regex Version();
}
