namespace ClientSideLb.Tests.Docs;

/// <summary>The commands in all Markdown files name projects and files that exist.</summary>
public sealed class DocCommandsTests
{
    [Fact]
    public void Every_command_names_what_exists()
    {
        var blocks = MarkdownPage.ReadAll().SelectMany(static page => page.GetBlocks()).ToList();

        var faults = DocCommands.FindFaults(blocks, static path => Path.Exists(Repository.PathOf(path)));

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Contains(blocks, static block => block.Language == "sh");
    }

    [Theory]
    [InlineData("dotnet run --project examples/One --configuration Release -- slow")]
    [InlineData("dotnet build --configuration Release")]
    [InlineData("dotnet publish examples/One --output made")]
    [InlineData("lbsim run examples/One/file.json --out results")]
    [InlineData("kubectl apply -f beside.yaml")]
    [InlineData("dotnet run # as in examples/Two")]
    public void A_command_that_names_what_exists_is_good(string line) => Assert.Empty(Check(line));

    [Theory]
    [InlineData("dotnet run --project examples/Two")]
    [InlineData("dotnet publish examples/Two --output made")]
    [InlineData("lbsim run examples/Two/file.json")]
    [InlineData("kubectl apply -f missing.yaml")]
    [InlineData("cat src/missing.cs | less")]
    public void A_command_that_names_what_is_not_there_is_told_by_document_and_line(string line) =>
        Assert.StartsWith("docs/page.md:3: ", Assert.Single(Check(line)), StringComparison.Ordinal);

    private static IReadOnlyList<string> Check(string line)
    {
        string[] files = ["examples/One", "examples/One/file.json", "docs/beside.yaml"];
        return DocCommands.FindFaults(new MarkdownPage("docs/page.md", ["```sh", "echo first", line, "```"]).GetBlocks(), files.Contains);
    }
}
