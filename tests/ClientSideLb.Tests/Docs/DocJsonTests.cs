namespace ClientSideLb.Tests.Docs;

/// <summary>The JSON in all Markdown files, and the configuration of the examples, can be read and has valid options.</summary>
public sealed class DocJsonTests
{
    [Fact]
    public void Every_json_block_of_the_documents_can_be_read()
    {
        var blocks = MarkdownPage.ReadAll().SelectMany(static page => page.GetBlocks()).Where(static block => block.Language is "json" or "jsonc").ToList();

        var faults = blocks.SelectMany(static block => DocJson.FindFaults($"{block.Document}:{block.Line}", string.Join('\n', block.Code))).ToList();

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Contains(blocks, static block => block.Code.Any(static line => line.Contains($"\"{DocJson.Clients}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_configuration_of_every_example_can_be_read()
    {
        var files = Directory.GetFiles(Repository.PathOf("examples"), "appsettings*.json", SearchOption.AllDirectories)
            .Where(static path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))
            .ToList();

        var faults = files.SelectMany(static path => DocJson.FindFaults(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path))).ToList();

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.NotEmpty(files);
    }

    [Theory]
    [InlineData("""{ "LoadBalancing": { "api": { "Strategy": "Random", "SlowStart": "00:00:30" } } }""")]
    [InlineData("""{ "LoadBalancing": { "api": { "Endpoints": [ { "Address": "http://10.0.0.1", "Weight": 0 } ] } } } // a comment""")]
    [InlineData("""{ "Other": { "Strategy": 1 } }""")]
    [InlineData("""[ 1, 2 ]""")]
    public void Valid_options_are_good(string json) => Assert.Empty(DocJson.FindFaults("DOC.md:1", json));

    [Theory]
    [InlineData("""{ "LoadBalancing": { "api": { "Stratgy": "Random" } } }""", "LoadBalancing:api:Stratgy")]
    [InlineData("""{ "LoadBalancing": { "api": { "Endpoints": [ { "Adress": "http://10.0.0.1" } ] } } }""", "Adress")]
    [InlineData("""{ "LoadBalancing": { "api": { "Strategy": "Fastest" } } }""", "Fastest")]
    [InlineData("""{ "LoadBalancing": { "api": { "SlowStart": "soon" } } }""", "SlowStart")]
    [InlineData("""{ "LoadBalancing": """, "not JSON")]
    public void A_fault_is_told_with_its_place(string json, string words) =>
        Assert.Contains(DocJson.FindFaults("DOC.md:1", json), fault => fault.StartsWith("DOC.md:1: ", StringComparison.Ordinal) && fault.Contains(words, StringComparison.Ordinal));
}
