using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>A text of a drawing.</summary>
internal sealed record SvgText(string Text, double X, double Y, double Size, string Anchor, bool IsBold)
{
    internal bool IsMiddle => Anchor == "middle";

    internal double Width => TextWidth.Of(Text, Size, IsBold);

    internal double Left => Anchor switch
    {
        "middle" => X - (Width / 2),
        "end" => X - Width,
        _ => X,
    };

    internal double Right => Left + Width;

    internal double Top => Y - (Size * 0.8);

    internal double Bottom => Y + (Size * 0.2);

    internal bool Overlaps(SvgText other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
}
