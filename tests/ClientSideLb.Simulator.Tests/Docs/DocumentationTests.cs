using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Docs;

public sealed class DocumentationTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "simulator.md"));

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
}
