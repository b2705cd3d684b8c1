namespace ClientSideLb.AspNetCore.Tests.Status;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Without_durations_there_is_no_quantile() => Assert.Null(new LatencyHistogram().Quantile(0.5));

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
    public void A_single_duration_is_told_to_within_a_sixteenth(long microseconds)
    {
        var histogram = Of(microseconds);

        Assert.InRange(histogram.Quantile(0.99)!.Value.TotalMicroseconds, microseconds * (15.0 / 16), microseconds * (17.0 / 16));
    }

    [Fact]
    public void Quantiles_are_those_of_the_sorted_durations()
    {
        var histogram = Of([.. Enumerable.Range(1, 1000).Select(static i => i * 1000L)]);

        Assert.InRange(histogram.Quantile(0.5)!.Value.TotalMilliseconds, 500 * (15.0 / 16), 500 * (17.0 / 16));
        Assert.InRange(histogram.Quantile(0.99)!.Value.TotalMilliseconds, 990 * (15.0 / 16), 990 * (17.0 / 16));
        Assert.InRange(histogram.Quantile(1)!.Value.TotalMilliseconds, 1000 * (15.0 / 16), 1000 * (17.0 / 16));
    }

    [Fact]
    public void One_slow_of_a_hundred_is_beyond_the_99th_percentile_and_two_are_not()
    {
        long[] fast = [.. Enumerable.Repeat(1_000L, 99)];

        Assert.InRange(Of([.. fast, 1_000_000]).Quantile(0.99)!.Value.TotalMilliseconds, 0, 2);
        Assert.InRange(Of([.. fast, 1_000_000, 1_000_000]).Quantile(0.99)!.Value.TotalMilliseconds, 900, 1100);
    }

    [Fact]
    public void What_is_longer_than_it_can_hold_counts_as_the_longest_and_what_is_negative_as_zero()
    {
        Assert.InRange(Of((long)TimeSpan.FromHours(1).TotalMicroseconds).Quantile(0.5)!.Value.TotalSeconds, 120, 140);
        Assert.Equal(TimeSpan.Zero, Of(-5).Quantile(0.5));
    }

    [Fact]
    public void Histograms_add_up_and_can_be_cleared()
    {
        var sum = Of(10);
        sum.Add(Of(1_000, 1_000));
        Assert.InRange(sum.Quantile(0.5)!.Value.TotalMicroseconds, 940, 1060);

        sum.Clear();

        Assert.Null(sum.Quantile(0.5));
    }

    private static LatencyHistogram Of(params long[] microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var duration in microseconds)
        {
            histogram.Add(TimeSpan.FromMicroseconds(duration));
        }

        return histogram;
    }
}
