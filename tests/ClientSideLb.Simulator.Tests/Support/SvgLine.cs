namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>A line of a drawing, in pieces that have gaps between them.</summary>
internal sealed record SvgLine(string Class, IReadOnlyList<IReadOnlyList<(double X, double Y)>> Pieces)
{
    internal IEnumerable<(double X, double Y)> Points => Pieces.SelectMany(static piece => piece);

    internal double Left => Points.Min(static point => point.X);

    internal double Right => Points.Max(static point => point.X);
}
