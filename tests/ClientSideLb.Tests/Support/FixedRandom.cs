namespace ClientSideLb.Tests;

/// <summary>Draws the same share of every range: 0 for the least, nearly 1 for the most.</summary>
internal sealed class FixedRandom(double share) : Random
{
    public override double NextDouble() => share;

    public override int Next(int maxValue) => (int)(share * maxValue);

    public override int Next(int minValue, int maxValue) => throw new NotSupportedException();
}
