using AiEndpoints;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Examples;

public sealed class QuotaTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_request_that_does_not_fit_is_told_when_the_next_minute_begins()
    {
        var quota = new Quota(tokens: 100, TimeSpan.FromSeconds(60), begun: TimeSpan.FromSeconds(20), _time);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(quota.TryTake(60, out _));
        Assert.False(quota.TryTake(60, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(30), wait);

        // What was rejected does not count.
        Assert.True(quota.TryTake(40, out _));
        Assert.False(quota.TryTake(1, out _));
    }

    [Fact]
    public void Each_minute_has_the_whole_quota_and_what_an_earlier_one_left_is_lost()
    {
        var quota = new Quota(tokens: 100, TimeSpan.FromSeconds(60), begun: TimeSpan.FromSeconds(20), _time);
        Assert.True(quota.TryTake(70, out _));

        _time.Advance(TimeSpan.FromSeconds(39.9));
        Assert.False(quota.TryTake(100, out _));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(quota.TryTake(100, out _));
        Assert.False(quota.TryTake(30, out _));
    }
}
