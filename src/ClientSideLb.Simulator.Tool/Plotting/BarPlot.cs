namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws values as bars, one below the other, with a line at a value that they are compared with.</summary>
internal static class BarPlot
{
    private const double BarHeight = 34;
    private const double RowHeight = 58;
    private const double ValueRoom = 80;
    private const double NameWidth = 200;
    private const double NameSize = 15;
    private const double NameLineHeight = 18;

    /// <param name="head">The words above the plot.</param>
    /// <param name="x">The axis of the values.</param>
    /// <param name="bars">The name, the value and its text for each bar, from the top down.</param>
    /// <param name="mark">The value to compare with, and its name.</param>
    internal static string Draw(PlotHead head, Axis x, IReadOnlyList<(string Name, double Value, string Text)> bars, (double Value, string Name) mark)
    {
        var height = PlotFrame.Top + (bars.Count * RowHeight) + 66;
        var names = bars.Select(static bar => TextWidth.Wrap(bar.Name, NameSize, NameWidth)).ToArray();
        var left = PlotFrame.Margin + names.Max(static lines => lines.Max(static line => TextWidth.Of(line, NameSize))) + 12;
        var area = new PlotArea(left, PlotFrame.Top, PlotFrame.Width - PlotFrame.Margin - ValueRoom, PlotFrame.Top + (bars.Count * RowHeight));
        var y = new Axis("", new Scale(0, bars.Count, IsLogarithmic: false, []));
        using var svg = PlotFrame.Begin(head, $"{x.Label}: {string.Join("; ", bars.Select(static bar => $"{bar.Name} {bar.Text}"))}. {mark.Name}: {Units.FormatPart(mark.Value)}.", height);
        PlotFrame.DrawGrid(svg, area, x, y);
        for (var i = 0; i < bars.Count; i++)
        {
            var middle = area.Top + ((i + 0.5) * RowHeight);
            var end = area.GetX(x, bars[i].Value);
            svg.Rectangle("bar", area.Left, middle - (BarHeight / 2), end - area.Left, BarHeight);
            foreach (var (line, text) in names[i].Index())
            {
                svg.Text(text, area.Left - 12, middle + (NameSize * 0.35) + ((line - ((names[i].Count - 1) / 2.0)) * NameLineHeight), NameSize, null, "end");
            }
        }

        var markX = area.GetX(x, mark.Value);
        svg.Line("mark d1", markX, area.Top - 8, markX, area.Bottom);
        var isLeft = markX < area.Left + (area.Width / 2);
        svg.Text(mark.Name, markX + (isLeft ? 8 : -8), area.Top - 6, PlotFrame.LabelSize, null, isLeft ? "start" : "end");

        // The values stand behind the bars and the line, whichever is longer, so that the line crosses no text.
        foreach (var (i, bar) in bars.Index())
        {
            var end = area.GetX(x, bar.Value);
            var from = markX >= end - 4 && markX < end + ValueRoom ? Math.Max(end, markX) : end;
            svg.Text(bar.Text, from + 8, area.Top + ((i + 0.5) * RowHeight) + (NameSize * 0.35), NameSize);
        }

        PlotFrame.DrawAxes(svg, area, x, y);
        return svg.End();
    }
}
