using System.Text;

namespace ClientSideLb.Simulator.Tool;

/// <summary>
/// Draws lines in a pair of axes. Lines on zero and lines without points are named and not drawn; lines that are the same are drawn once.
/// </summary>
internal static class LinePlot
{
    private const double MarkerRadius = 4;
    private const double SmallestStep = 0.8;

    internal static string Draw(PlotHead head, Axis x, Axis y, IReadOnlyList<Series> series)
    {
        var drawn = Merge([.. series.Where(static line => line is { IsEmpty: false, IsZero: false })]);
        var styles = LineStyles.Of([.. drawn.Select(static line => line[0].Label)]);
        var lines = drawn.Select((same, index) => (Names: same.Select(static line => line.Label).ToArray(), Line: same[0], Style: same[0].Style ?? styles[index])).ToArray();
        var legend = new Legend(
        [
            .. lines.Select(static line => new LegendEntry(string.Join("\n= ", line.Names), line.Style)),
            .. NameUndrawn("zero throughout:", series.Where(static line => line.IsZero)),
            .. NameUndrawn("no request answered:", series.Where(static line => line.IsEmpty)),
        ]);
        var height = Math.Max(PlotFrame.Height, PlotFrame.Top + legend.Height + PlotFrame.Margin);
        var area = PlotFrame.GetArea(y, legend.Width, height);
        using var svg = PlotFrame.Begin(head, $"{y.Label} by {x.Label}, for {string.Join("; ", series.Select(static line => line.Label))}.", height);
        PlotFrame.DrawGrid(svg, area, x, y);

        // The gaps of a dashed line show the one below it.
        foreach (var (_, line, style) in lines.Reverse().OrderBy(static line => line.Style.Dash > 0))
        {
            svg.Element("path", ("class", PlotTheme.LineClass(style)), ("d", CreatePath(line, area, x, y)));
            foreach (var point in line.HasMarkers ? line.Points : [])
            {
                svg.Element(
                    "circle",
                    ("class", $"{PlotTheme.ColourClass(style.Colour)} surface"),
                    ("stroke-width", "2"),
                    ("cx", SvgWriter.Format(area.GetX(x, point.X))),
                    ("cy", SvgWriter.Format(area.GetY(y, point.Y))),
                    ("r", SvgWriter.Format(MarkerRadius)));
            }
        }

        PlotFrame.DrawAxes(svg, area, x, y);
        legend.Draw(svg, area.Right, area.Top);
        return svg.End();
    }

    private static List<List<Series>> Merge(IReadOnlyList<Series> series)
    {
        var merged = new List<List<Series>>();
        foreach (var line in series)
        {
            if (merged.Find(same => same[0].HasPointsOf(line)) is { } same)
            {
                same.Add(line);
            }
            else
            {
                merged.Add([line]);
            }
        }

        return merged;
    }

    private static IEnumerable<LegendEntry> NameUndrawn(string heading, IEnumerable<Series> series)
    {
        var names = series.Select(static line => new LegendEntry(line.Label, null)).ToArray();
        return names.Length == 0 ? [] : [new LegendEntry(heading, null, IsHeading: true), .. names];
    }

    private static string CreatePath(Series line, PlotArea area, Axis x, Axis y)
    {
        var path = new StringBuilder();
        foreach (var piece in line.Pieces)
        {
            var (lastX, lastY) = (double.NaN, double.NaN);
            foreach (var (index, point) in piece.Index())
            {
                var (pointX, pointY) = (area.GetX(x, point.X), area.GetY(y, point.Y));

                // Points that are too close to tell apart are left out, but a piece keeps both of its ends.
                if (index == 0 || index == piece.Count - 1 || Math.Abs(pointX - lastX) + Math.Abs(pointY - lastY) > SmallestStep)
                {
                    path.Append(index == 0 ? 'M' : 'L').Append(SvgWriter.Format(pointX)).Append(' ').Append(SvgWriter.Format(pointY));
                    (lastX, lastY) = (pointX, pointY);
                }
            }

            // A single point is seen as a dot.
            path.Append(piece.Count == 1 ? "h0.01" : "");
        }

        return path.ToString();
    }
}
