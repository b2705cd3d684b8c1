namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws the surroundings of the data: the head, the axes, and the lines at their ticks.</summary>
internal static class PlotFrame
{
    internal const double Width = 1000;
    internal const double Height = 560;
    internal const double Margin = 24;
    internal const double LabelSize = 15;
    internal const double Top = 108;

    private const double TitleSize = 21;
    private const double SubtitleSize = 13;
    private const double TickSize = 14;
    private const double TickLength = 5;
    private const double TickGap = 6;

    // The tick labels and the label below them.
    private const double Bottom = 66;

    /// <summary>Gets the rectangle for the data.</summary>
    /// <param name="y">The axis at the left, whose labels need room.</param>
    /// <param name="rightOfIt">The room at the right of the data.</param>
    /// <param name="height">The height of the whole plot.</param>
    internal static PlotArea GetArea(Axis y, double rightOfIt, double height = Height)
    {
        var labels = y.Scale.Ticks.Max(static tick => tick.Label is null ? 0 : TextWidth.Of(tick.Label, TickSize));
        return new PlotArea(Margin + labels + TickLength + TickGap, Top, Width - Margin - rightOfIt, height - Bottom);
    }

    internal static SvgWriter Begin(PlotHead head, string description, double height = Height)
    {
        var svg = new SvgWriter(Width, height, head.Title, description);
        svg.Rectangle("surface", 0, 0, Width, height);
        svg.Text(TextWidth.Cut(head.Title, TitleSize, (Width - (2 * Margin)) / 1.1), Margin, 36, TitleSize, "bold");
        svg.Text(TextWidth.Cut(head.Subtitle, SubtitleSize, Width - (2 * Margin)), Margin, 58, SubtitleSize, "muted");
        return svg;
    }

    internal static void DrawGrid(SvgWriter svg, PlotArea area, Axis x, Axis y)
    {
        foreach (var tick in x.Scale.Ticks.Where(static tick => tick.Label is not null))
        {
            svg.Line("grid", area.GetX(x, tick.Value), area.Top, area.GetX(x, tick.Value), area.Bottom);
        }

        foreach (var tick in y.Scale.Ticks.Where(static tick => tick.Label is not null))
        {
            svg.Line("grid", area.Left, area.GetY(y, tick.Value), area.Right, area.GetY(y, tick.Value));
        }
    }

    internal static void DrawAxes(SvgWriter svg, PlotArea area, Axis x, Axis y)
    {
        svg.Line("axis", area.Left, area.Bottom, area.Right, area.Bottom);
        svg.Line("axis", area.Left, area.Top, area.Left, area.Bottom);
        DrawTicksBelow(svg, area, x);
        DrawTicksLeft(svg, area.Left, y, value => area.GetY(y, value));
        svg.Text(x.Label, area.Left + (area.Width / 2), area.Bottom + 48, LabelSize, null, "middle");
        svg.Text(y.Label, Margin, Top - 18, LabelSize);
    }

    /// <summary>Draws the ticks at the right of a vertical line, such as those of a scale bar.</summary>
    internal static void DrawTicksRight(SvgWriter svg, double x, IEnumerable<Tick> ticks, Func<double, double> getY)
    {
        foreach (var tick in ticks)
        {
            svg.Line("axis", x, getY(tick.Value), x + TickLength, getY(tick.Value));
            svg.Text(tick.Label!, x + TickLength + TickGap, getY(tick.Value) + (TickSize * 0.35), TickSize);
        }
    }

    private static void DrawTicksLeft(SvgWriter svg, double x, Axis axis, Func<double, double> getY)
    {
        foreach (var tick in axis.Scale.Ticks)
        {
            svg.Line("axis", x - (tick.Label is null ? TickLength / 2 : TickLength), getY(tick.Value), x, getY(tick.Value));
            if (tick.Label is not null)
            {
                svg.Text(tick.Label, x - TickLength - TickGap, getY(tick.Value) + (TickSize * 0.35), TickSize, null, "end");
            }
        }
    }

    private static void DrawTicksBelow(SvgWriter svg, PlotArea area, Axis axis)
    {
        var free = 0.0;
        foreach (var tick in axis.Scale.Ticks)
        {
            var x = area.GetX(axis, tick.Value);
            svg.Line("axis", x, area.Bottom, x, area.Bottom + (tick.Label is null ? TickLength / 2 : TickLength));

            // A label that would touch the one before it is left out.
            if (tick.Label is not null && x - (TextWidth.Of(tick.Label, TickSize) / 2) > free)
            {
                svg.Text(tick.Label, x, area.Bottom + TickLength + TickGap + (TickSize * 0.8), TickSize, null, "middle");
                free = x + (TextWidth.Of(tick.Label, TickSize) / 2) + TickGap;
            }
        }
    }
}
