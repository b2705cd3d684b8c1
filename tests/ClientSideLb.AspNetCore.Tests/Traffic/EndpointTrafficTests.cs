using ClientSideLb.AspNetCore.Traffic;

namespace ClientSideLb.AspNetCore.Tests.Traffic;

public sealed class EndpointTrafficTests
{
    private const long Start = 1_000_000;

    private readonly EndpointTraffic _traffic = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 0)]
    public void Rates_failures_and_latencies_cover_the_running_second_and_the_nine_before_it(int secondsLater, int attempts)
    {
        _traffic.Add(Start, TimeSpan.FromMilliseconds(5), failed: true);

        var summary = _traffic.Summarize(Start + secondsLater);

        Assert.Equal((attempts, attempts), (summary.Attempts, summary.Failures));
        Assert.Equal(attempts == 1, summary.Median is not null);
    }

    [Theory]
    [InlineData(1, 59)]
    [InlineData(60, 0)]
    [InlineData(61, null)]
    public void The_history_covers_the_last_minute(int secondsLater, int? index)
    {
        _traffic.Add(Start, null, failed: false);
        _traffic.Add(Start, null, failed: false);

        var expected = new int[60];
        if (index is { } second)
        {
            expected[second] = 2;
        }

        Assert.Equal(expected, _traffic.Summarize(Start + secondsLater).History);
    }

    [Fact]
    public void A_new_second_does_not_include_the_counts_of_an_old_one()
    {
        for (var second = Start; second < Start + 500; second++)
        {
            _traffic.Add(second, TimeSpan.FromSeconds(1), failed: true);
        }

        _traffic.Add(Start + 1000, TimeSpan.FromMilliseconds(1), failed: false);

        var summary = _traffic.Summarize(Start + 1001);
        Assert.Equal((1, 0, 1), (summary.Attempts, summary.Failures, summary.History.Sum()));
        Assert.InRange(summary.Percentile99!.Value.TotalMilliseconds, 0.9, 1.1);
    }

    [Fact]
    public void An_attempt_without_a_duration_does_not_change_the_median()
    {
        _traffic.Add(Start, TimeSpan.FromMilliseconds(100), failed: false);
        _traffic.Add(Start, duration: null, failed: true);

        var summary = _traffic.Summarize(Start + 1);

        Assert.Equal((2, 1), (summary.Attempts, summary.Failures));
        Assert.InRange(summary.Median!.Value.TotalMilliseconds, 94, 106);
    }

    [Fact]
    public void Every_attempt_counts_if_many_threads_add_at_once()
    {
        _traffic.Add(Start, null, failed: false);

        Parallel.For(0, 10_000, _ => _traffic.Add(Start, TimeSpan.FromMilliseconds(1), failed: true));

        var summary = _traffic.Summarize(Start + 1);
        Assert.Equal((10_001, 10_000), (summary.Attempts, summary.Failures));
    }
}
