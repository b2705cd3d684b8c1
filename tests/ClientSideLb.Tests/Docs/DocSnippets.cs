namespace ClientSideLb.Tests.Docs;

/// <summary>Compares the C# in the documents with the C# that is compiled.</summary>
internal static class DocSnippets
{
    internal const string Folder = "tests/ClientSideLb.Tests/Docs";

    /// <summary>Holds the code that an application adds and that the documents quote: strategies, probes, rules and tests. All of it is run there.</summary>
    internal const string ApplicationFolder = "tests/ClientSideLb.PublicApi.Tests";

    /// <summary>Describes the fault of each block: its place, the line that differs, and what to do.</summary>
    internal static IReadOnlyList<string> FindFaults(IEnumerable<DocBlock> blocks, IReadOnlyList<SnippetFile> files) =>
        [.. blocks.Select(block => FindFault(block, files)).OfType<string>()];

    private static string? FindFault(DocBlock block, IReadOnlyList<SnippetFile> files)
    {
        if (block.Language.ToUpperInvariant() is "CS" or "C#")
        {
            return $"{block.Document}:{block.Line}: the block is marked '{block.Language}'; mark it 'csharp', so that it is checked.";
        }

        if (block.Exemption is { } reason)
        {
            return reason.Length > 0 ? null : $"{block.Document}:{block.Line}: say why the block is not compiled.";
        }

        if (block.Language != "csharp" || block.Code.All(static line => line.Length == 0))
        {
            return null;
        }

        var best = files.Select(file => file.Find(block.Code)).MaxBy(static match => match.Whole ? int.MaxValue : match.Matched);
        return best switch
        {
            { Whole: true } => null,
            { Matched: > 0 } =>
                $"""
                {block.Document}:{block.Line + best.Matched}: this line is not in the compiled code that the block begins like.
                    {block.Document}: {block.Code[best.Matched].Trim()}
                    {best.File.Name}:{best.Line + best.Matched}: {LineAt(best).Trim()}
                  Make the document and {best.File.Name} the same.
                """,
            _ =>
                $"""
                {block.Document}:{block.Line}: this csharp block is not compiled anywhere.
                    {block.Code.First(static line => line.Length > 0)}
                  Copy it into a method (or, if it declares a type, into the namespace) of {Folder}/Snippets.cs or of another
                  Snippets*.cs there, indented as that needs, its using directives at the top of the file. If it cannot be compiled, write
                  <!-- not compiled: and the reason --> on the line above it.
                """,
        };
    }

    private static string LineAt(SnippetFile.Match match) =>
        match.File.Lines.ElementAtOrDefault(match.Line - 1 + match.Matched) ?? "(end of file)";
}
