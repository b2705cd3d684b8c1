namespace ClientSideLb.Tests.Docs;

/// <summary>A compiled file whose lines the documents quote.</summary>
internal sealed record SnippetFile(string Name, IReadOnlyList<string> Lines)
{
    /// <summary>
    /// Finds a block of code: all its lines one after the other, with any indentation that they have in common. Its leading using
    /// directives may stand anywhere, because in the file they belong to the top.
    /// </summary>
    internal Match Find(IReadOnlyList<string> code)
    {
        var usings = code.TakeWhile(static line => line.Length == 0 || IsUsing(line)).ToList();
        var body = code.Skip(usings.Count).ToList();
        var missing = usings.Find(line => line.Length > 0 && !Lines.Contains(line));
        var best = missing is null ? new Match(this, Line: 1, Matched: usings.Count, Whole: body.Count == 0) : new Match(this, 1, 0, Whole: false);
        for (var start = 0; missing is null && start < Lines.Count && !best.Whole; start++)
        {
            var matched = CountMatching(body, start);
            if (usings.Count + matched > best.Matched)
            {
                best = new Match(this, start + 1, usings.Count + matched, matched == body.Count);
            }
        }

        return best;
    }

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('(', StringComparison.Ordinal)
        && !line.StartsWith("using var ", StringComparison.Ordinal);

    private int CountMatching(List<string> body, int start)
    {
        var first = Lines[start];
        var indentation = first[..^first.TrimStart().Length];
        var matched = 0;
        while (matched < body.Count
            && start + matched < Lines.Count
            && Lines[start + matched].TrimEnd() == (body[matched].Length == 0 ? "" : indentation + body[matched]))
        {
            matched++;
        }

        return matched;
    }

    /// <summary>The place and the length of the part of a block that was found.</summary>
    internal sealed record Match(SnippetFile File, int Line, int Matched, bool Whole);
}
