using ClientSideLb.AspNetCore.Traffic;

namespace ClientSideLb.AspNetCore.Tests.Traffic;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void An_empty_histogram_has_no_quantile() => Assert.Null(new LatencyHistogram().GetQuantile(0.5));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(123)]
    [InlineData(4_096)]
    [InlineData(99_999)]
    [InlineData(1_500_000)]
    [InlineData(130_000_000)]
    public void A_quantile_is_off_by_a_sixteenth_at_most(long microseconds) => AssertQuantile(microseconds, Create(microseconds), 0.99);

    [Fact]
    public void The_quantiles_are_those_of_the_sorted_durations()
    {
        var histogram = Create([.. Enumerable.Range(1, 1000).Select(static i => i * 1000L)]);

        AssertQuantile(500_000, histogram, 0.5);
        AssertQuantile(990_000, histogram, 0.99);
        AssertQuantile(1_000_000, histogram, 1);
    }

    [Fact]
    public void The_99th_percentile_ignores_one_slow_request_of_a_hundred_but_not_two()
    {
        long[] fast = [.. Enumerable.Repeat(1_000L, 99)];

        AssertQuantile(1_000, Create([.. fast, 1_000_000]), 0.99);
        AssertQuantile(1_000_000, Create([.. fast, 1_000_000, 1_000_000]), 0.99);
    }

    [Fact]
    public void A_duration_out_of_range_counts_as_the_nearest_in_range()
    {
        Assert.InRange(Create((long)TimeSpan.FromHours(1).TotalMicroseconds).GetQuantile(0.5)!.Value.TotalSeconds, 120, 140);
        AssertQuantile(0, Create(-5), 0.5);
    }

    [Fact]
    public void A_histogram_can_be_added_to_another_and_cleared()
    {
        var sum = Create(10);
        sum.Add(Create(1_000, 1_000));
        AssertQuantile(1_000, sum, 0.5);

        sum.Clear();

        Assert.Null(sum.GetQuantile(0.5));
    }

    private static LatencyHistogram Create(params long[] microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var duration in microseconds)
        {
            histogram.Add(TimeSpan.FromMicroseconds(duration));
        }

        return histogram;
    }

    private static void AssertQuantile(long microseconds, LatencyHistogram histogram, double share) =>
        Assert.InRange(histogram.GetQuantile(share)!.Value.TotalMicroseconds, microseconds * (15.0 / 16), microseconds * (17.0 / 16));
}
