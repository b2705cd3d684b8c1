using System.Numerics;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>
/// The latencies of requests, from nanoseconds to three days, in buckets whose width is at most 1/64 of their value. The size in memory does
/// not depend on the number of requests. Not safe for use from several threads while times are added.
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

    /// <summary>Gets the number of requests.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the exact mean, or zero if there are no requests.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : Nanoseconds.ToTimeSpan((long)(_sum / Count));

    /// <summary>Gets the exact longest time, or zero if there are no requests.</summary>
    public TimeSpan Max => Nanoseconds.ToTimeSpan(_max);

    /// <summary>Gets the exact mean in seconds, without the rounding of <see cref="TimeSpan"/>.</summary>
    internal double MeanSeconds => Count == 0 ? 0 : _sum / Count / Nanoseconds.PerSecond;

    /// <summary>Gets a quantile of the latency, to within 1 %.</summary>
    /// <param name="quantile">From 0 to 1; 0.99 is the 99th percentile.</param>
    /// <returns>The time that this fraction of the requests did not exceed, or zero if there are no requests.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is below 0 or above 1.</exception>
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

    /// <summary>Gets the buckets that are not empty, in ascending order.</summary>
    /// <returns>The upper bound of each bucket, and the number of its requests.</returns>
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
