using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Tests.Results;

public sealed class LatencyDistributionTests
{
    [Fact]
    public void Quantiles_are_within_one_percent_and_the_mean_and_the_maximum_are_exact()
    {
        // From 100 µs to 100 s.
        var random = new SeededRandom(1, 0);
        var times = Enumerable.Range(0, 100_000).Select(_ => (long)Math.Pow(10, 5 + (6 * random.NextDouble()))).Order().ToArray();
        var latency = Create(times);

        Assert.All(Enumerable.Range(1, 999), permille =>
            Assert.InRange(Nanoseconds.Of(latency.Quantile(permille / 1000.0)) / (double)times[(permille * times.Length / 1000) - 1], 0.99, 1.01));
        Assert.Equal(Nanoseconds.ToTimeSpan((long)times.Average()), latency.Mean);
        Assert.Equal(Nanoseconds.ToTimeSpan(times[^1]), latency.Max);
        Assert.Equal(latency.Max, latency.Quantile(1));
    }

    [Fact]
    public void A_distribution_without_requests_is_zero()
    {
        var latency = Create();

        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (latency.Quantile(0.5), latency.Mean));
        Assert.Empty(latency.Buckets());
    }

    [Fact]
    public void The_buckets_contain_every_request_in_ascending_order()
    {
        var buckets = Create([.. Enumerable.Range(0, 1000).Select(static i => i * 12_345L)]).Buckets().ToArray();

        Assert.Equal(1000, buckets.Sum(static bucket => bucket.Value));
        Assert.Equal(buckets.Select(static bucket => bucket.Key).Order(), buckets.Select(static bucket => bucket.Key));
    }

    private static LatencyDistribution Create(params long[] times)
    {
        var latency = new LatencyDistribution();
        Array.ForEach(times, latency.Add);
        return latency;
    }
}
