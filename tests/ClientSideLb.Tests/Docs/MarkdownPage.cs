using System.Text;
using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Docs;

/// <summary>A Markdown document.</summary>
/// <param name="Document">Its path from the root of the repository, with slashes.</param>
/// <param name="Lines">Its lines.</param>
internal sealed partial record MarkdownPage(string Document, IReadOnlyList<string> Lines)
{
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "publish", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>Gets the folder that the document is in, as a path from the root of the repository.</summary>
    internal string Folder => Path.GetDirectoryName(Document) ?? "";

    /// <summary>Reads all documents of the repository, also those that are not in <c>docs</c>.</summary>
    internal static IReadOnlyList<MarkdownPage> ReadAll() =>
        [.. Find(new DirectoryInfo(Repository.Root)).Select(static file => Read(file)).OrderBy(static page => page.Document, StringComparer.Ordinal)];

    /// <summary>Gets the blocks of code.</summary>
    internal IReadOnlyList<DocBlock> GetBlocks() => DocBlock.ReadAll(Document, Lines);

    /// <summary>Gets the targets of links and images, which may be written in Markdown or HTML. Those in code are none.</summary>
    internal IEnumerable<MarkdownLink> GetLinks() =>
        from line in GetText()
        from match in Link().Matches(InlineCode().Replace(line.Text, "code"))
        select new MarkdownLink(Document, line.Number, match.Groups["target"].Value);

    /// <summary>Gets the names by which links reach the headings, by the rules of GitHub.</summary>
    internal IReadOnlySet<string> GetAnchors()
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, text) in GetText())
        {
            if (Heading().Match(text) is { Success: true } heading)
            {
                var name = NameOf(heading.Groups["title"].Value);
                var unique = name;
                for (var repeat = 1; !anchors.Add(unique); repeat++)
                {
                    unique = $"{name}-{repeat}";
                }
            }
        }

        return anchors;
    }

    private static IEnumerable<FileInfo> Find(DirectoryInfo folder) =>
        folder.EnumerateFiles("*.md").Concat(folder.EnumerateDirectories().Where(IsOurs).SelectMany(Find));

    private static bool IsOurs(DirectoryInfo folder) => folder.Name == ".github" || (!folder.Name.StartsWith('.') && !Skipped.Contains(folder.Name));

    private static MarkdownPage Read(FileInfo file) =>
        new(Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'), File.ReadAllLines(file.FullName));

    private static string NameOf(string title)
    {
        var name = new StringBuilder();
        foreach (var letter in LinkText().Replace(title, "${text}").ToLowerInvariant())
        {
            if (letter == ' ')
            {
                name.Append('-');
            }
            else if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
            {
                name.Append(letter);
            }
        }

        return name.ToString();
    }

    private IEnumerable<(int Number, string Text)> GetText()
    {
        var isCode = false;
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return (i + 1, Lines[i]);
            }
        }
    }

    [GeneratedRegex("""\]\((?<target>[^)\s]+)(?:\s+"[^"]*")?\)|\b(?:href|src|srcset)="(?<target>[^"]+)"|^\s*\[[^\]]+\]:\s+(?<target>\S+)""")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^#{1,6}\s+(?<title>.*?)\s*#*\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();
}
