namespace ClientSideLb.Tests;

/// <summary>Fails on each draw, so a pick with it does not depend on chance.</summary>
internal sealed class NoRandom : Random
{
    public override int Next(int maxValue) => throw new InvalidOperationException("A number was drawn.");

    public override int Next(int minValue, int maxValue) => throw new InvalidOperationException("A number was drawn.");

    public override double NextDouble() => throw new InvalidOperationException("A number was drawn.");
}
