namespace ClientSideLb.Simulator.Tool;

/// <summary>The rectangle inside the axes of a plot.</summary>
internal readonly record struct PlotArea(double Left, double Top, double Right, double Bottom)
{
    internal double Width => Right - Left;

    internal double Height => Bottom - Top;

    internal double GetX(Axis axis, double value) => Left + (axis.Scale.GetPlace(value) * Width);

    internal double GetY(Axis axis, double value) => Bottom - (axis.Scale.GetPlace(value) * Height);
}
