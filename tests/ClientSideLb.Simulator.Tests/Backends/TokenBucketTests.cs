using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Tests.Backends;

public sealed class TokenBucketTests
{
    private const long Second = Nanoseconds.PerSecond;

    [Fact]
    public void A_full_bucket_accepts_a_burst_and_then_the_rate()
    {
        var bucket = new TokenBucket(new RateLimit { Rate = 10, Burst = 5 });

        Assert.Equal(5, CountTaken(bucket, requests: 100, at: 0));
        Assert.Equal(0, CountTaken(bucket, requests: 1, at: (Second / 10) - 1));
        Assert.Equal(1, CountTaken(bucket, requests: 2, at: Second / 10));
        Assert.Equal(3, CountTaken(bucket, requests: 100, at: Second * 4 / 10));
    }

    [Fact]
    public void A_pause_fills_the_bucket_and_no_more()
    {
        var bucket = new TokenBucket(new RateLimit { Rate = 10, Burst = 5 });
        CountTaken(bucket, requests: 5, at: 0);

        Assert.Equal(5, CountTaken(bucket, requests: 100, at: 3600 * Second));
    }

    [Fact]
    public void A_rejected_request_takes_nothing_and_is_told_when_there_is_a_token()
    {
        var bucket = new TokenBucket(new RateLimit { Rate = 10, Burst = 1 });
        Assert.True(bucket.TryTake(0, out _));

        Assert.False(bucket.TryTake(0, out var wait));
        Assert.Equal(Second / 10, wait);
        Assert.False(bucket.TryTake(Second / 20, out wait));
        Assert.Equal(Second / 20, wait);
    }

    [Theory]
    [InlineData(1, false, 1000)]
    [InlineData(Second, false, 1000)]
    [InlineData(Second + 1, false, 2000)]
    [InlineData(1, true, 1)]
    [InlineData((Second / 20) + 1, true, 51)]
    public void Retry_after_is_the_wait_rounded_up(long wait, bool inMilliseconds, int expected)
    {
        var bucket = new TokenBucket(new RateLimit { Rate = 1, InMilliseconds = inMilliseconds });

        Assert.Equal(TimeSpan.FromMilliseconds(expected), bucket.GetRetryAfter(wait));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Retry_after_can_be_a_fixed_time(int seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);

        Assert.Equal(time, new TokenBucket(new RateLimit { Rate = 1, RetryAfter = time }).GetRetryAfter(Second));
    }

    private static int CountTaken(TokenBucket bucket, int requests, long at) => Enumerable.Range(0, requests).Count(_ => bucket.TryTake(at, out var _));
}
