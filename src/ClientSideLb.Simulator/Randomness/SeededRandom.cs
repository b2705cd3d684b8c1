using System.Numerics;

namespace ClientSideLb.Simulator.Randomness;

/// <summary>
/// Random numbers that depend on the seed alone, and not on the machine or on the version of the runtime: xoshiro256**, seeded by
/// SplitMix64. After D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators" (2021). Not safe for use from several threads.
/// </summary>
internal sealed class SeededRandom : Random
{
    private const double Unit = 1.0 / (1L << 53);

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <param name="seed">The seed of the simulation.</param>
    /// <param name="stream">
    /// The number of one of the seed's independent sequences. Arrivals and service times, for example, have a sequence each, so that
    /// strategies are compared on the same arrivals.
    /// </param>
    internal SeededRandom(int seed, int stream)
    {
        var state = ((ulong)(uint)seed << 32) | (uint)stream;
        _a = Mix(ref state);
        _b = Mix(ref state);
        _c = Mix(ref state);
        _d = Mix(ref state);
    }

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);

        // The bias of this multiplication is below maxValue ÷ 2^64.
        return (int)Math.BigMul(Draw(), (ulong)maxValue, out _);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)(minValue + (long)Math.BigMul(Draw(), (ulong)((long)maxValue - minValue), out _));
    }

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Math.BigMul(Draw(), (ulong)maxValue, out _);
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue + (long)Math.BigMul(Draw(), (ulong)(maxValue - minValue), out _);
    }

    public override double NextDouble() => (Draw() >> 11) * Unit;

    public override float NextSingle() => (float)NextDouble();

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)(Draw() >> 56);
        }
    }

    /// <summary>Draws a number above 0, up to and including 1. It has a logarithm, which 0 has not.</summary>
    internal double NextPositive() => ((Draw() >> 11) + 1) * Unit;

    protected override double Sample() => NextDouble();

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private ulong Draw()
    {
        var drawn = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return drawn;
    }
}
