namespace ClientSideLb.Tests;

/// <summary>Random numbers that are all at the same place in their range: 0 is the lower end, and nearly 1 the upper end.</summary>
internal sealed class FixedRandom(double share) : Random
{
    public override double NextDouble() => share;

    public override int Next(int maxValue) => (int)(share * maxValue);

    public override int Next(int minValue, int maxValue) => throw new NotSupportedException();
}
