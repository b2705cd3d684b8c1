using System.Globalization;
using System.Text;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The colours of plots, which are those of the live page, for light and for dark screens.</summary>
internal static class PlotTheme
{
    internal const string FontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    /// <summary>The number of colours for lines.</summary>
    internal const int Colours = 8;

    /// <summary>The number of patterns for lines, the one without gaps included.</summary>
    internal const int Dashes = 5;

    /// <summary>The number of steps of a heat map. The first is for nothing at all.</summary>
    internal const int HeatLevels = 41;

    // The fixed points between which the colours of a heat map are mixed, from little to much.
    private static readonly int[] LightHeat = [0xe3edf7, 0x86b6e4, 0x0b5cad, 0x06203d];
    private static readonly int[] DarkHeat = [0x202b37, 0x1d5288, 0x7bb7f5, 0xf0f7ff];

    private static readonly string[] DashArrays = ["7 5", "1 5", "9 5 1 5", "14 6"];

    private static readonly string[] LightLines = ["#0b5cad", "#c77700", "#b3261e", "#12693a", "#7b3fa0", "#007c89", "#c2327a", "#3f4a59"];
    private static readonly string[] DarkLines = ["#7bb7f5", "#f5c56b", "#ff9d94", "#7ddba0", "#cba3f2", "#5fd3dc", "#ff8fc8", "#c3cdd9"];

    /// <summary>Gets the style sheet of every plot.</summary>
    internal static string StyleSheet { get; } = CreateStyleSheet();

    internal static string ColourClass(int colour) => string.Create(CultureInfo.InvariantCulture, $"c{colour}");

    internal static string LineClass(LineStyle style) => string.Create(CultureInfo.InvariantCulture, $"line c{style.Colour}{(style.Dash > 0 ? $" d{style.Dash}" : "")}");

    internal static string HeatClass(int level) => string.Create(CultureInfo.InvariantCulture, $"h{level}");

    private static string CreateStyleSheet()
    {
        var text = new StringBuilder("\n")
            .Append(".line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}\n")
            .Append(".grid,.axis,.mark{fill:none;stroke-width:1}\n")
            .Append(".heat{shape-rendering:crispEdges}\n")
            .Append(".bold{font-weight:600}\n");
        foreach (var (index, dashes) in DashArrays.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $".d{index + 1}{{stroke-dasharray:{dashes}}}\n");
        }

        AppendColours(text, "#ffffff", "#1b2430", "#566372", "#e6eaf0", LightLines, LightHeat);
        text.Append("@media (prefers-color-scheme: dark){\n");
        AppendColours(text, "#1a2027", "#e6ebf1", "#a3b0bf", "#2a323c", DarkLines, DarkHeat);
        return text.Append("}\n").ToString();
    }

    private static void AppendColours(StringBuilder text, string surface, string words, string muted, string grid, string[] lines, int[] heat)
    {
        text.Append(CultureInfo.InvariantCulture, $".surface,.h0{{fill:{surface}}}\n")
            .Append(CultureInfo.InvariantCulture, $"text{{fill:{words}}}\n")
            .Append(CultureInfo.InvariantCulture, $".muted{{fill:{muted}}}\n")
            .Append(CultureInfo.InvariantCulture, $".axis{{stroke:{muted}}}\n")
            .Append(CultureInfo.InvariantCulture, $".mark{{stroke:{words}}}\n")
            .Append(CultureInfo.InvariantCulture, $".grid{{stroke:{grid}}}\n")
            .Append(CultureInfo.InvariantCulture, $".bar{{fill:{lines[0]}}}\n");
        foreach (var (index, colour) in lines.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $".c{index}{{stroke:{colour}}}\n");
        }

        for (var level = 1; level < HeatLevels; level++)
        {
            text.Append(CultureInfo.InvariantCulture, $".h{level}{{fill:{Mix(heat, (level - 1.0) / (HeatLevels - 2))}}}\n");
        }
    }

    private static string Mix(int[] stops, double part)
    {
        var place = part * (stops.Length - 1);
        var first = Math.Min((int)place, stops.Length - 2);
        var rest = place - first;
        return string.Create(CultureInfo.InvariantCulture, $"#{MixByte(16):x2}{MixByte(8):x2}{MixByte(0):x2}");

        int MixByte(int shift) => (int)Math.Round((GetByte(stops[first], shift) * (1 - rest)) + (GetByte(stops[first + 1], shift) * rest));
    }

    private static int GetByte(int colour, int shift) => (colour >> shift) & 0xff;
}
