namespace ClientSideLb.AspNetCore.Tests.Status;

public sealed class EndpointTrafficTests
{
    private const long Start = 1_000_000;

    private readonly EndpointTraffic _traffic = new();

    [Fact]
    public void The_second_that_is_under_way_does_not_count_yet()
    {
        _traffic.Add(Start, TimeSpan.Zero, failed: false);

        Assert.Equal(0, _traffic.Read(Start).Attempts);
        Assert.Equal(1, _traffic.Read(Start + 1).Attempts);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    public void Rates_are_of_the_last_ten_seconds(int secondsLater, int attempts)
    {
        _traffic.Add(Start, TimeSpan.FromMilliseconds(5), failed: true);

        var summary = _traffic.Read(Start + secondsLater);

        Assert.Equal((attempts, attempts), (summary.Attempts, summary.Failures));
        Assert.Equal(attempts == 1, summary.Median is not null);
    }

    [Theory]
    [InlineData(1, 59)]
    [InlineData(60, 0)]
    [InlineData(61, null)]
    public void The_history_moves_on_and_ends_after_a_minute(int secondsLater, int? place)
    {
        _traffic.Add(Start, null, failed: false);
        _traffic.Add(Start, null, failed: false);

        var expected = new int[60];
        if (place is { } index)
        {
            expected[index] = 2;
        }

        Assert.Equal(expected, _traffic.Read(Start + secondsLater).History);
    }

    [Fact]
    public void A_slot_that_is_used_again_forgets_what_was_in_it()
    {
        for (var second = Start; second < Start + 500; second++)
        {
            _traffic.Add(second, TimeSpan.FromSeconds(1), failed: true);
        }

        _traffic.Add(Start + 1000, TimeSpan.FromMilliseconds(1), failed: false);

        var summary = _traffic.Read(Start + 1001);
        Assert.Equal((1, 0, 1), (summary.Attempts, summary.Failures, summary.History.Sum()));
        Assert.InRange(summary.Percentile99!.Value.TotalMilliseconds, 0.9, 1.1);
    }

    [Fact]
    public void What_failed_has_no_part_in_the_time_to_headers()
    {
        _traffic.Add(Start, TimeSpan.FromMilliseconds(100), failed: false);
        _traffic.Add(Start, duration: null, failed: true);

        var summary = _traffic.Read(Start + 1);

        Assert.Equal((2, 1), (summary.Attempts, summary.Failures));
        Assert.InRange(summary.Median!.Value.TotalMilliseconds, 94, 106);
    }

    [Fact]
    public void Many_threads_count_every_attempt_of_a_second()
    {
        _traffic.Add(Start, null, failed: false);

        Parallel.For(0, 10_000, _ => _traffic.Add(Start, TimeSpan.FromMilliseconds(1), failed: true));

        Assert.Equal((10_001, 10_000), (_traffic.Read(Start + 1).Attempts, _traffic.Read(Start + 1).Failures));
    }
}
