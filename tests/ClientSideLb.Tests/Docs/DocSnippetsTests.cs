namespace ClientSideLb.Tests.Docs;

/// <summary>
/// Every block of C# in a Markdown file also stands, line by line, in one of the compiled files Snippets*.cs in this folder, or in
/// the project that sees only the public API.
/// </summary>
public sealed class DocSnippetsTests
{
    [Fact]
    public void Every_csharp_block_of_the_documents_is_compiled()
    {
        var blocks = MarkdownPage.ReadAll().SelectMany(static page => page.GetBlocks()).ToList();
        string[] compiled =
        [
            .. Directory.GetFiles(Repository.PathOf(DocSnippets.Folder), "Snippets*.cs"),
            .. Directory.GetFiles(Repository.PathOf(DocSnippets.ApplicationFolder, "Strategies"), "*.cs"),
            .. Directory.GetFiles(Repository.PathOf(DocSnippets.ApplicationFolder, "StrategyTests"), "*.cs"),
            .. Directory.GetFiles(Repository.PathOf(DocSnippets.ApplicationFolder, "Docs"), "*.cs"),
        ];
        var files = compiled.Select(static path => new SnippetFile(Path.GetRelativePath(Repository.Root, path), File.ReadAllLines(path))).ToList();

        var faults = DocSnippets.FindFaults(blocks, files);

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Contains(blocks, static block => block.Language == "csharp");
    }

    [Fact]
    public void A_block_is_found_in_any_indentation()
    {
        var faults = Check(
            """
            Text.

            ```csharp
            Call(() =>
            {

                Inner();
            });
            ```
            """,
            """
            class C
            {
                void M()
                {
                    Call(() =>
                    {

                        Inner();
                    });
                }
            }
            """);

        Assert.Empty(faults);
    }

    [Fact]
    public void The_using_directives_of_a_block_are_found_at_the_top_of_the_file() =>
        Assert.Empty(Check("```csharp\nusing A;\nusing B;\n\nM();\n```", "using A;\nusing B;\nusing C;\nclass X\n{\n    M();\n}"));

    [Fact]
    public void A_using_directive_that_the_file_does_not_have_is_a_fault() =>
        Assert.Single(Check("```csharp\nusing A;\n\nM();\n```", "using B;\nM();"));

    [Fact]
    public void A_block_that_is_nowhere_is_named_by_document_and_line()
    {
        var fault = Assert.Single(Check("# Title\n\n```csharp\nMissing();\n```", "Other();"));

        Assert.StartsWith("DOC.md:4: this csharp block is not compiled anywhere.", fault, StringComparison.Ordinal);
        Assert.Contains("Snippets.cs", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_differs_is_named_by_the_first_line_that_does()
    {
        var fault = Assert.Single(Check("```csharp\nOne();\nTwo();\nThree();\n```", "// a\n    One();\n    Two();\n    Four();"));

        Assert.StartsWith("DOC.md:4: ", fault, StringComparison.Ordinal);
        Assert.Contains("DOC.md: Three();", fault, StringComparison.Ordinal);
        Assert.Contains("Snippets.cs:4: Four();", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_indented_otherwise_inside_the_block_is_a_fault() =>
        Assert.Single(Check("```csharp\nif (a)\n    B();\n```", "    if (a)\n      B();"));

    [Theory]
    [InlineData("cs")]
    [InlineData("C#")]
    public void A_block_under_another_name_of_the_language_is_a_fault(string language) =>
        Assert.Contains("mark it 'csharp'", Assert.Single(Check($"```{language}\nM();\n```", "M();")), StringComparison.Ordinal);

    [Fact]
    public void A_block_that_is_not_compiled_needs_a_reason()
    {
        Assert.Empty(Check("<!-- not compiled: it shows what the compiler refuses -->\n\n```csharp\nM();\n```", "Other();"));
        Assert.Contains("say why", Assert.Single(Check("<!-- not compiled: -->\n```csharp\nM();\n```", "Other();")), StringComparison.Ordinal);
        Assert.Single(Check("<!-- not compiled: far away -->\ntext\n```csharp\nM();\n```", "Other();"));
    }

    [Fact]
    public void Blocks_in_other_languages_are_not_looked_for() =>
        Assert.Empty(Check("```sh\ndotnet test\n```\n\n```\nplain\n```\n\n```json\n{}\n```", "M();"));

    private static IReadOnlyList<string> Check(string document, string file) =>
        DocSnippets.FindFaults(DocBlock.ReadAll("DOC.md", document.Split('\n')), [new SnippetFile("Snippets.cs", file.Split('\n'))]);
}
