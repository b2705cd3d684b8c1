using System.Globalization;
using System.Text;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws a table of values as coloured cells, with a bar that shows the values of the colours from 0 on.</summary>
internal static class HeatMap
{
    private const int MostRows = 125;
    private const int MostLabels = 10;
    private const double BarWidth = 18;
    private const double BarGap = 28;
    private const double BarRoom = 116;

    /// <param name="head">The words above the map.</param>
    /// <param name="x">The axis of the columns.</param>
    /// <param name="rowName">The name of a row. Rows are numbered from 0 on, upwards.</param>
    /// <param name="values">The values, by row and column.</param>
    /// <param name="colours">The axis of the colours.</param>
    internal static string Draw(PlotHead head, Axis x, string rowName, double[,] values, Axis colours)
    {
        var rows = values.GetLength(0);
        var together = (rows + MostRows - 1) / MostRows;
        var label = together == 1 ? rowName : string.Create(CultureInfo.InvariantCulture, $"{rowName} (each row is the mean of {together})");
        var y = new Axis(label, LinearScale.CreateNumbers(rows, MostLabels));
        var area = PlotFrame.GetArea(y, BarRoom);
        using var svg = PlotFrame.Begin(head, $"{colours.Label}, by {label} and {x.Label}. The darkest colour on a light screen, and the lightest on a dark one, is the most.");
        DrawCells(svg, area, values, together, colours.Scale);
        PlotFrame.DrawAxes(svg, area, x, y);
        DrawBar(svg, area, colours);
        return svg.End();
    }

    // Cells of one colour are one path, and neighbours in a row are one rectangle of it. This makes the file small.
    private static void DrawCells(SvgWriter svg, PlotArea area, double[,] values, int together, Scale colours)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        var paths = new StringBuilder?[PlotTheme.HeatLevels];
        for (var row = 0; row < rows; row += together)
        {
            var next = Math.Min(row + together, rows);
            var (top, bottom) = (area.Bottom - (area.Height * next / rows), area.Bottom - (area.Height * row / rows));
            var begin = 0;
            for (var column = 1; column <= columns; column++)
            {
                var level = GetLevel(values, row, next, begin, colours);
                if (column == columns || GetLevel(values, row, next, column, colours) != level)
                {
                    var (left, right) = (area.Left + (area.Width * begin / columns), area.Left + (area.Width * column / columns));
                    (paths[level] ??= new StringBuilder())
                        .Append('M').Append(SvgWriter.Format(left)).Append(' ').Append(SvgWriter.Format(top))
                        .Append('H').Append(SvgWriter.Format(right)).Append('V').Append(SvgWriter.Format(bottom)).Append('H').Append(SvgWriter.Format(left)).Append('z');
                    begin = column;
                }
            }
        }

        foreach (var (level, path) in paths.Index())
        {
            if (path is not null)
            {
                svg.Element("path", ("class", $"heat {PlotTheme.HeatClass(level)}"), ("d", path.ToString()));
            }
        }
    }

    private static int GetLevel(double[,] values, int row, int next, int column, Scale colours)
    {
        var sum = 0.0;
        for (var i = row; i < next; i++)
        {
            sum += values[i, column];
        }

        // A value above zero must not look like zero.
        var place = colours.GetPlace(sum / (next - row));
        return place <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(place * (PlotTheme.HeatLevels - 1)), 1, PlotTheme.HeatLevels - 1);
    }

    private static void DrawBar(SvgWriter svg, PlotArea area, Axis colours)
    {
        var left = area.Right + BarGap;
        for (var level = 1; level < PlotTheme.HeatLevels; level++)
        {
            var (top, bottom) = (GetY(level), GetY(level - 1));
            svg.Rectangle($"heat {PlotTheme.HeatClass(level)}", left, top, BarWidth, bottom - top);
        }

        svg.Element(
            "rect", ("class", "axis"), ("x", SvgWriter.Format(left)), ("y", SvgWriter.Format(area.Top)), ("width", SvgWriter.Format(BarWidth)), ("height", SvgWriter.Format(area.Height)));
        PlotFrame.DrawTicksRight(svg, left + BarWidth, colours.Scale.Ticks, value => area.GetY(colours, value));
        svg.Text(colours.Label, PlotFrame.Width - PlotFrame.Margin, PlotFrame.Top - 18, PlotFrame.LabelSize, null, "end");

        double GetY(int level) => Math.Round(area.Bottom - (area.Height * level / (PlotTheme.HeatLevels - 1)));
    }
}
