namespace ClientSideLb.Simulator.Tests.Files;

/// <summary>What docs/simulator.md says is so.</summary>
public sealed class DocumentationTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Document = File.ReadAllText(Path.Combine(Root, "docs", "simulator.md"));

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Path.Combine(Root, "examples", "Scenarios"), "*.json")];

    [Fact]
    public void Every_scenario_is_told_of_in_the_words_of_the_tool() =>
        Assert.All(ScenarioCatalog.All, static scenario => Assert.Contains($"| `{scenario.Name}` | {scenario.Summary}", Document, StringComparison.Ordinal));

    [Fact]
    public void The_example_stands_in_a_file() =>
        Assert.Contains(File.ReadAllText(Path.Combine(Root, "examples", "Scenarios", "two-generations.json")), Document, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_can_be_run(string path)
    {
        var result = Simulation.Run(ScenarioFile.Read(path) with { Duration = TimeSpan.FromSeconds(10) }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(result.Requests > 1000);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClientSideLb.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
