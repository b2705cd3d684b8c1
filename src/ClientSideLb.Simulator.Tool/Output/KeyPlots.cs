using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws which keys move when a backend leaves or joins, and how even the shares of keys are.</summary>
internal static class KeyPlots
{
    internal static bool IsRingSize(KeyMoveResult move) => move.Label.EndsWith(" points", StringComparison.Ordinal);

    internal static string DrawMoves(IReadOnlyList<KeyMoveResult> moves, string origin) => BarPlot.Draw(
        new PlotHead(string.Create(CultureInfo.InvariantCulture, $"Keys that move as {moves[0].From} backends become {moves[0].To}"), origin),
        new Axis("part of the keys", LinearScale.Create(moves.Max(static move => move.Moved), Units.FormatPart, most: 1)),
        [.. moves.Select(static move => (move.Label, move.Moved, TableFormats.FormatPercent(move.Moved)))],
        (1.0 / Math.Max(moves[0].From, moves[0].To), "an even share of one backend"));

    internal static string DrawRingSizes(IReadOnlyList<KeyMoveResult> sizes, string origin)
    {
        Series[] lines =
        [
            Series.Create("measured", sizes.Select(static size => (GetPoints(size), (double?)size.Deviation))) with { Style = new LineStyle(0, 0), HasMarkers = true },
            Series.Create("1 ÷ √points", sizes.Select(static size => (GetPoints(size), (double?)(1 / Math.Sqrt(GetPoints(size)))))) with { Style = new LineStyle(1, 1) },
        ];
        return LinePlot.Draw(
            new PlotHead("How even the shares of a ring are", origin),
            new Axis("points on the ring for each backend", LogarithmicScale.Create(sizes.Min(GetPoints), sizes.Max(GetPoints), Units.Format)),
            new Axis("standard deviation of the shares, as a part of their mean", LinearScale.Create(lines.Max(static line => line.Points.Max(static point => point.Y)), Units.FormatPart)),
            lines);
    }

    private static double GetPoints(KeyMoveResult size) => double.Parse(size.Label.Split(' ')[^2], CultureInfo.InvariantCulture);
}
