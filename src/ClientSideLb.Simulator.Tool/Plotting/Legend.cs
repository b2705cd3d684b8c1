namespace ClientSideLb.Simulator.Tool;

/// <summary>Names the lines of a plot. It stands at the right of the data, because on the data it could cover a line.</summary>
internal sealed class Legend
{
    private const double Gap = 24;
    private const double Sample = 34;
    private const double SampleGap = 10;
    private const double TextSize = 14;
    private const double LineHeight = 18;
    private const double EntryGap = 7;
    private const double WidestText = 200;

    private readonly List<(LegendEntry Entry, IReadOnlyList<string> Lines)> _entries = [];

    internal Legend(IEnumerable<LegendEntry> entries)
    {
        foreach (var entry in entries)
        {
            _entries.Add((entry, TextWidth.Wrap(entry.Text, TextSize, WidestText + (entry.IsHeading ? Sample : 0))));
        }
    }

    /// <summary>Gets the room that the legend needs, with the gap before it.</summary>
    internal double Width => Gap + _entries.Max(static entry => GetIndent(entry.Entry) + entry.Lines.Max(static line => TextWidth.Of(line, TextSize)));

    internal double Height => _entries.Sum(static entry => (entry.Lines.Count * LineHeight) + EntryGap + (entry.Entry.IsHeading ? EntryGap : 0));

    internal void Draw(SvgWriter svg, double left, double top)
    {
        var y = top + (TextSize / 2);
        svg.BeginGroup("legend");
        foreach (var (entry, lines) in _entries)
        {
            y += entry.IsHeading ? EntryGap : 0;
            if (entry.Style is { } style)
            {
                svg.Line(PlotTheme.LineClass(style), left + Gap, y, left + Gap + Sample, y);
            }

            foreach (var line in lines)
            {
                svg.Text(line, left + Gap + GetIndent(entry), y + (TextSize * 0.35), TextSize, entry.IsHeading ? "muted" : null);
                y += LineHeight;
            }

            y += EntryGap;
        }

        svg.EndGroup();
    }

    private static double GetIndent(LegendEntry entry) => entry.Style is not null ? Sample + SampleGap : entry.IsHeading ? 0 : SampleGap;
}
