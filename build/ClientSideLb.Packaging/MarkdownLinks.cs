using System.Text.RegularExpressions;

namespace ClientSideLb.Packaging;

/// <summary>The links in a text in Markdown, without what looks like links in code.</summary>
internal static partial class MarkdownLinks
{
    /// <summary>Replaces each link by what the function makes of it. The function also gets whether it is the link of an image.</summary>
    internal static string Replace(string text, Func<string, bool, string> replace)
    {
        var lines = text.Split('\n');
        var fence = "";
        for (var i = 0; i < lines.Length; i++)
        {
            var mark = Fence().Match(lines[i]).Groups["mark"].Value;
            if (fence.Length > 0)
            {
                fence = mark.StartsWith(fence, StringComparison.Ordinal) ? "" : fence;
            }
            else if (mark.Length > 0)
            {
                fence = mark;
            }
            else
            {
                lines[i] = ReplaceInLine(lines[i], replace);
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>All links, in their order.</summary>
    internal static IReadOnlyList<string> Find(string text)
    {
        var found = new List<string>();
        Replace(text, (link, _) =>
        {
            found.Add(link);
            return link;
        });
        return found;
    }

    private static string ReplaceInLine(string line, Func<string, bool, string> replace)
    {
        var code = CodeSpan().Matches(line);
        return Target().Replace(line, match =>
            code.Any(span => match.Index > span.Index && match.Index < span.Index + span.Length)
                ? match.Value
                : replace(match.Value, IsImage(line, match.Index)));
    }

    /// <summary>Tells whether the target that begins there is that of an image: <c>![text](target)</c> or <c>&lt;img src="target"</c>.</summary>
    private static bool IsImage(string line, int start)
    {
        var before = line[..start];
        if (!before.EndsWith("](", StringComparison.Ordinal))
        {
            return before.EndsWith("src=\"", StringComparison.Ordinal);
        }

        var depth = 0;
        for (var i = before.Length - 2; i >= 0; i--)
        {
            depth += before[i] switch { ']' => 1, '[' => -1, _ => 0 };
            if (depth == 0)
            {
                return i > 0 && before[i - 1] == '!';
            }
        }

        return false;
    }

    [GeneratedRegex("^ *(?<mark>```+|~~~+)")]
    private static partial Regex Fence();

    [GeneratedRegex("(`+)(?!`).+?(?<!`)\\1(?!`)")]
    private static partial Regex CodeSpan();

    /// <summary>What stands after <c>](</c>, after <c>[name]: </c> at the start of a line, and in the attributes of HTML.</summary>
    [GeneratedRegex("""(?<=\]\()[^()\s]+|(?<=^\[[^\]]+\]: +)\S+|(?<=<(?:a|img)\s[^>]*(?:href|src)=")[^"]+""")]
    private static partial Regex Target();
}
