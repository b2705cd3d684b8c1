namespace ClientSideLb.Tests;

/// <summary>Fails on each draw: a pick that is given this depends on nothing but the request.</summary>
internal sealed class NoRandom : Random
{
    public override int Next(int maxValue) => throw new InvalidOperationException("A number was drawn.");

    public override int Next(int minValue, int maxValue) => throw new InvalidOperationException("A number was drawn.");

    public override double NextDouble() => throw new InvalidOperationException("A number was drawn.");
}
