namespace ClientSideLb.Simulator.Tests.Engine;

public sealed class LatencyDistributionTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Quantiles_are_within_one_percent(double quantile)
    {
        var random = new SeededRandom(1, 0);
        var latency = new LatencyDistribution();
        var times = new long[100_000];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = (long)Math.Pow(10, 5 + (6 * random.NextDouble()));
            latency.Add(times[i]);
        }

        Array.Sort(times);
        var exact = times[(int)Math.Ceiling(quantile * times.Length) - 1];
        Assert.InRange(latency.Quantile(quantile).Ticks * 100.0 / exact, 0.99, 1.01);
    }

    [Fact]
    public void Mean_and_maximum_are_exact()
    {
        var latency = new LatencyDistribution();
        latency.Add(1_000_000);
        latency.Add(2_000_000);
        latency.Add(9_000_000);

        Assert.Equal(TimeSpan.FromMilliseconds(4), latency.Mean);
        Assert.Equal(TimeSpan.FromMilliseconds(9), latency.Max);
        Assert.Equal(TimeSpan.FromMilliseconds(9), latency.Quantile(1));
    }

    [Fact]
    public void Where_there_was_nothing_all_is_zero()
    {
        var latency = new LatencyDistribution();

        Assert.Equal(TimeSpan.Zero, latency.Quantile(0.5));
        Assert.Equal(TimeSpan.Zero, latency.Mean);
        Assert.Empty(latency.Buckets());
    }

    [Fact]
    public void Buckets_hold_every_request()
    {
        var latency = new LatencyDistribution();
        for (var i = 0; i < 1000; i++)
        {
            latency.Add(i * 12_345L);
        }

        var buckets = latency.Buckets().ToArray();
        Assert.Equal(1000, buckets.Sum(static bucket => bucket.Value));
        Assert.Equal(buckets.Select(static bucket => bucket.Key).Order(), buckets.Select(static bucket => bucket.Key));
    }
}
