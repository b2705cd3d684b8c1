namespace ClientSideLb.Simulator.Tool;

/// <summary>The data of a line.</summary>
/// <param name="Label">The name of the line.</param>
/// <param name="Pieces">The points, in pieces that have gaps between them.</param>
/// <param name="Style">The look of the line, or <see langword="null"/> for one that no other line of the plot has.</param>
/// <param name="HasMarkers">Whether each point has a mark.</param>
internal sealed record Series(string Label, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Pieces, LineStyle? Style = null, bool HasMarkers = false)
{
    internal IEnumerable<(double X, double Y)> Points => Pieces.SelectMany(static piece => piece);

    internal bool IsEmpty => Pieces.Count == 0;

    internal bool IsZero => !IsEmpty && Points.All(static point => point.Y == 0);

    /// <summary>Cuts points into pieces, with a gap for each run of those that have no value.</summary>
    internal static Series Create(string label, IEnumerable<(double X, double? Y)> points)
    {
        var pieces = new List<IReadOnlyList<(double X, double Y)>>();
        var piece = new List<(double X, double Y)>();
        foreach (var (x, y) in points)
        {
            if (y is { } value)
            {
                piece.Add((x, value));
            }
            else if (piece.Count > 0)
            {
                pieces.Add(piece);
                piece = [];
            }
        }

        if (piece.Count > 0)
        {
            pieces.Add(piece);
        }

        return new Series(label, pieces);
    }

    internal bool HasPointsOf(Series other) => Points.SequenceEqual(other.Points) && Pieces.Count == other.Pieces.Count;
}
