namespace ClientSideLb.Tests;

/// <summary>Random numbers that a test chooses, to go through every draw there can be. One draw too many, or out of its bound, fails.</summary>
internal sealed class ScriptedRandom(params int[] draws) : Random
{
    private int _next;

    internal bool IsUsedUp => _next == draws.Length;

    public override int Next(int maxValue)
    {
        Assert.True(_next < draws.Length, $"Draw {_next + 1} is one more than the {draws.Length} expected.");
        var draw = draws[_next++];
        Assert.InRange(draw, 0, maxValue - 1);
        return draw;
    }

    public override int Next(int minValue, int maxValue) => throw new NotSupportedException();

    public override double NextDouble() => throw new NotSupportedException();
}
