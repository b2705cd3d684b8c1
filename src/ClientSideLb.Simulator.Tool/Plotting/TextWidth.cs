namespace ClientSideLb.Simulator.Tool;

/// <summary>
/// Estimates how wide a text is. The font is that of the viewer's system, so the widest of the common ones (DejaVu Sans, Verdana) is assumed.
/// </summary>
internal static class TextWidth
{
    private const double BoldFactor = 1.12;

    internal static double Of(string text, double size, bool isBold = false) => text.Sum(GetWidth) * size * (isBold ? BoldFactor : 1);

    /// <summary>Breaks a text into lines: at its line ends, and between words. A word that is too long has a line of its own.</summary>
    internal static IReadOnlyList<string> Wrap(string text, double size, double width) => [.. text.Split('\n').SelectMany(line => WrapLine(line, size, width))];

    /// <summary>Cuts the end off a text that is too wide.</summary>
    internal static string Cut(string text, double size, double width)
    {
        const string End = "…";

        if (Of(text, size) <= width)
        {
            return text;
        }

        while (text.Length > 0 && Of(text + End, size) > width)
        {
            text = text[..^1];
        }

        return text + End;
    }

    private static List<string> WrapLine(string text, double size, double width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && Of($"{lines[^1]} {word}", size) <= width)
            {
                lines[^1] += $" {word}";
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    // Widths in parts of the font's size.
    private static double GetWidth(char character) => character switch
    {
        ' ' or '.' or ',' or ':' or ';' or 'i' or 'j' or 'l' or '\'' or '|' or 'I' => 0.33,
        'f' or 't' or 'r' or '(' or ')' or '/' or '-' => 0.42,
        'm' or 'w' or 'M' or 'W' or '%' or '…' => 1,
        >= 'A' and <= 'Z' => 0.72,
        > '\u00ff' => 0.85,
        _ => 0.64,
    };
}
