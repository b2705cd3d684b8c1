using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class RetryBudgetWindowTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RetryBudgetWindow _budget;

    public RetryBudgetWindowTests() => _budget = new RetryBudgetWindow(_time);

    [Theory]
    [InlineData(100, 0.2, 20)]
    [InlineData(100, 0.0, 0)]
    [InlineData(100, 1.0, 100)]
    [InlineData(10, 2.5, 25)]
    [InlineData(0, 0.2, 0)]
    public void Extra_attempts_may_be_a_share_of_the_requests(int requests, double ratio, int expected)
    {
        AddRequests(requests);

        Assert.Equal(expected, TakeAll(ratio, minimumPerSecond: 0));
    }

    [Fact]
    public void The_minimum_of_extra_attempts_a_second_is_allowed_whatever_the_share_is()
    {
        Assert.Equal(10, TakeAll(ratio: 0, minimumPerSecond: 10));
        Advance(seconds: 1);
        Assert.Equal(10, TakeAll(ratio: 0, minimumPerSecond: 10));
    }

    [Fact]
    public void The_share_and_the_minimum_do_not_add_up()
    {
        AddRequests(100);

        Assert.Equal(20, TakeAll(ratio: 0.2, minimumPerSecond: 10));
    }

    [Fact]
    public void Requests_and_extra_attempts_of_the_last_ten_seconds_count()
    {
        AddRequests(100);
        Advance(seconds: 9);
        AddRequests(100);

        Assert.Equal(40, TakeAll(ratio: 0.2, minimumPerSecond: 0));
        Advance(seconds: 1);
        Assert.Equal(0, TakeAll(ratio: 0.2, minimumPerSecond: 0));
    }

    [Fact]
    public void Requests_of_more_than_ten_seconds_ago_count_no_more()
    {
        AddRequests(100);
        Advance(seconds: 10);

        Assert.Equal(0, TakeAll(ratio: 0.2, minimumPerSecond: 0));
    }

    [Fact]
    public void Extra_attempts_of_more_than_ten_seconds_ago_count_no_more()
    {
        AddRequests(100);
        TakeAll(ratio: 0.2, minimumPerSecond: 0);
        Advance(seconds: 10);
        AddRequests(100);

        Assert.Equal(20, TakeAll(ratio: 0.2, minimumPerSecond: 0));
    }

    [Fact]
    public void A_refused_extra_attempt_costs_nothing()
    {
        AddRequests(10);
        TakeAll(ratio: 0.2, minimumPerSecond: 0);
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(_budget.TryTake(ratio: 0.2, minimumPerSecond: 0));
        }

        AddRequests(10);

        Assert.Equal(2, TakeAll(ratio: 0.2, minimumPerSecond: 0));
    }

    [Fact]
    public void A_steady_stream_of_failing_requests_gets_a_fifth_of_extra_attempts_as_long_as_it_lasts()
    {
        var extra = 0;
        for (var i = 0; i < 60_000; i++)
        {
            AddRequests(1);
            extra += _budget.TryTake(ratio: 0.2, minimumPerSecond: 0) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(extra, 0.19 * 60_000, 0.21 * 60_000);
    }

    [Theory]
    [InlineData(0.2, 0, 200)]
    [InlineData(0.0, 50, 50)]
    public void Threads_that_ask_together_never_get_more_than_the_budget(double ratio, int minimumPerSecond, int budget)
    {
        for (var round = 0; round < 20; round++)
        {
            Advance(seconds: 20);
            AddRequests(1000);
            var taken = 0;

            Concurrently.Run(4, _ =>
            {
                for (var i = 0; i < 300; i++)
                {
                    if (_budget.TryTake(ratio, minimumPerSecond))
                    {
                        Interlocked.Increment(ref taken);
                    }
                }
            });

            Assert.InRange(taken, 1, budget);
        }
    }

    [Fact]
    public void Threads_that_count_requests_together_lose_none_within_a_second()
    {
        AddRequests(1);
        Concurrently.Run(4, _ => AddRequests(1000));

        Assert.Equal(4001, TakeAll(ratio: 1, minimumPerSecond: 0));
    }

    private void AddRequests(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _budget.AddRequest(_time.GetTimestamp());
        }
    }

    private int TakeAll(double ratio, int minimumPerSecond)
    {
        var taken = 0;
        while (_budget.TryTake(ratio, minimumPerSecond))
        {
            taken++;
        }

        return taken;
    }

    private void Advance(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
