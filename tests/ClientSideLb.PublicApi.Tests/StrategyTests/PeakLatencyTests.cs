using ClientSideLb.PublicApi.Tests.Strategies;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

public sealed class PeakLatencyTests
{
    private readonly PeakLatency _latency = new();

    [Fact]
    public void It_is_30_ms_before_the_first_answer_however_long_that_takes()
    {
        Assert.Equal(30, _latency.Read(At(seconds: 0)));
        Assert.Equal(30, _latency.Read(At(seconds: 3600)));
    }

    [Fact]
    public void The_first_answer_replaces_the_default()
    {
        _latency.Add(Milliseconds(5), At(seconds: 1));

        Assert.Equal(5, _latency.Read(At(seconds: 1)));
    }

    [Fact]
    public void It_decays_to_60_percent_in_5_seconds()
    {
        _latency.Add(Milliseconds(100), At(seconds: 0));

        Assert.Equal(60.653, _latency.Read(At(seconds: 5)), tolerance: 0.001);
    }

    [Fact]
    public void A_faster_answer_lowers_it_by_the_time_that_has_passed()
    {
        _latency.Add(Milliseconds(100), At(seconds: 0));

        _latency.Add(Milliseconds(50), At(seconds: 1));

        Assert.Equal(95.242, _latency.Read(At(seconds: 1)), tolerance: 0.001);
    }

    [Fact]
    public void A_slower_answer_raises_it_at_once()
    {
        _latency.Add(Milliseconds(100), At(seconds: 0));
        _latency.Add(Milliseconds(50), At(seconds: 1));

        _latency.Add(Milliseconds(150), At(seconds: 1));

        Assert.Equal(150, _latency.Read(At(seconds: 1)));
    }

    [Fact]
    public void A_faster_answer_that_is_reported_late_does_not_change_it()
    {
        _latency.Add(Milliseconds(100), At(seconds: 2));

        _latency.Add(Milliseconds(50), At(seconds: 1));

        Assert.Equal(100, _latency.Read(At(seconds: 1)));
    }

    [Fact]
    public void A_lower_bound_counts_only_if_it_is_above_the_estimate()
    {
        _latency.Add(Milliseconds(100), At(seconds: 0));

        _latency.AddLowerBound(Milliseconds(50), At(seconds: 1));
        Assert.Equal(90.484, _latency.Read(At(seconds: 1)), tolerance: 0.001);

        _latency.AddLowerBound(Milliseconds(500), At(seconds: 1));
        Assert.Equal(500, _latency.Read(At(seconds: 1)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
