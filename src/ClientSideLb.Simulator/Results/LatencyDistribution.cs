using System.Numerics;

namespace ClientSideLb.Simulator;

/// <summary>
/// How long requests took, from nanoseconds to hours, in buckets that are all 1/64 of their value wide or narrower. Its size does
/// not depend on how many requests there are. Not safe for use from several threads while times are added.
/// </summary>
public sealed class LatencyDistribution
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;

    // Up to 2^48 ns, more than three days.
    private const int MaxExponent = 48;

    private readonly long[] _buckets = new long[(MaxExponent - SubBits + 1) << SubBits];
    private double _sum;
    private long _max;

    internal LatencyDistribution()
    {
    }

    /// <summary>Gets how many requests there were.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the mean, which is exact. It is zero where there were none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : Nanoseconds.ToTimeSpan((long)(_sum / Count));

    /// <summary>Gets the longest time, which is exact.</summary>
    public TimeSpan Max => Nanoseconds.ToTimeSpan(_max);

    /// <summary>Gets the mean in seconds, for computations.</summary>
    internal double MeanSeconds => Count == 0 ? 0 : _sum / Count / Nanoseconds.PerSecond;

    /// <summary>Gets the time below which a part of the requests stayed, to within 1 %.</summary>
    /// <param name="quantile">The part, from 0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns>The time; zero where there were no requests.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is not from 0 to 1.</exception>
    public TimeSpan Quantile(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        if (rank == Count)
        {
            return Max;
        }

        var seen = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank)
            {
                return Nanoseconds.ToTimeSpan(Math.Min(_max, (LowerBound(i) + LowerBound(i + 1)) / 2));
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>Gets the buckets that are not empty, in ascending order: up to which time, and how many requests.</summary>
    /// <returns>The buckets.</returns>
    public IEnumerable<KeyValuePair<TimeSpan, long>> Buckets()
    {
        for (var i = 0; i < _buckets.Length; i++)
        {
            if (_buckets[i] > 0)
            {
                yield return KeyValuePair.Create(Nanoseconds.ToTimeSpan(LowerBound(i + 1)), _buckets[i]);
            }
        }
    }

    internal void Add(long nanoseconds)
    {
        Count++;
        _sum += nanoseconds;
        _max = Math.Max(_max, nanoseconds);
        _buckets[IndexOf(nanoseconds)]++;
    }

    private static int IndexOf(long value)
    {
        value = Math.Clamp(value, 0, (1L << MaxExponent) - 1);
        if (value < Sub)
        {
            return (int)value;
        }

        var exponent = BitOperations.Log2((ulong)value) - SubBits;
        return ((exponent + 1) << SubBits) + (int)(value >> exponent) - Sub;
    }

    private static long LowerBound(int index)
    {
        if (index < Sub)
        {
            return index;
        }

        var exponent = (index >> SubBits) - 1;
        return (long)((index & (Sub - 1)) + Sub) << exponent;
    }
}
