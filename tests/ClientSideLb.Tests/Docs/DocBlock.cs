namespace ClientSideLb.Tests.Docs;

/// <summary>A block of code in a Markdown document.</summary>
/// <param name="Document">The document, as a path from the root of the repository.</param>
/// <param name="Line">The line of its first line of code, counted from 1.</param>
/// <param name="Language">The text after the opening fence.</param>
/// <param name="Code">Its lines, without the indentation they have in common.</param>
internal sealed record DocBlock(string Document, int Line, string Language, IReadOnlyList<string> Code)
{
    private const string Fence = "```";
    private const string ExemptionBegin = "<!-- not compiled:";
    private const string ExemptionEnd = "-->";

    /// <summary>
    /// Gets the reason why the block is not compiled: the text of a comment <c>&lt;!-- not compiled: reason --&gt;</c> on the line above it, or
    /// <see langword="null"/> without one.
    /// </summary>
    internal string? Exemption { get; private init; }

    internal static IReadOnlyList<DocBlock> ReadAll(string document, IReadOnlyList<string> lines)
    {
        var blocks = new List<DocBlock>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var first = i + 1;
            var language = lines[i].Trim().TrimStart('`').Trim();
            while (++i < lines.Count && lines[i].Trim() != Fence)
            {
            }

            blocks.Add(new DocBlock(document, first + 1, language, Unindent([.. lines.Take(i).Skip(first)]))
            {
                Exemption = ReadExemption(lines.Take(first - 1).LastOrDefault(static line => line.Trim().Length > 0) ?? ""),
            });
        }

        return blocks;
    }

    private static string? ReadExemption(string line)
    {
        var comment = line.Trim();
        return comment.StartsWith(ExemptionBegin, StringComparison.Ordinal) && comment.EndsWith(ExemptionEnd, StringComparison.Ordinal)
            ? comment[ExemptionBegin.Length..^ExemptionEnd.Length].Trim()
            : null;
    }

    private static List<string> Unindent(List<string> lines)
    {
        var indentation = lines.Where(static line => line.Trim().Length > 0).Select(IndentationOf).DefaultIfEmpty(0).Min();
        return lines.ConvertAll(line => line.Length < indentation ? "" : line[indentation..].TrimEnd());
    }

    private static int IndentationOf(string line) => line.Length - line.TrimStart().Length;
}
