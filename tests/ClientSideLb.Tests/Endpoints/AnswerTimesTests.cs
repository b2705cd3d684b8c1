namespace ClientSideLb.Tests;

public sealed class AnswerTimesTests
{
    private readonly AnswerTimes _times = new();

    [Fact]
    public void Fewer_than_ten_answers_tell_nothing()
    {
        Add(0.02, times: 9);
        Assert.Null(_times.GetQuantile(0.9));

        Add(0.02);

        Assert.NotNull(_times.GetQuantile(0.9));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(17)]
    public void Equal_waits_are_rounded_up_by_half_at_most(double seconds)
    {
        Add(seconds, times: 10);

        Assert.InRange(_times.GetQuantile(0.99)!.Value.TotalSeconds, seconds, 1.5 * seconds);
    }

    [Fact]
    public void A_quantile_lies_below_the_slowest_answers_that_it_leaves_out()
    {
        Add(0.01, times: 950);
        Add(10, times: 50);

        Assert.InRange(_times.GetQuantile(0.9)!.Value.TotalSeconds, 0.01, 0.02);
        Assert.InRange(_times.GetQuantile(0.99)!.Value.TotalSeconds, 10, 20);
    }

    [Fact]
    public void With_few_answers_the_slowest_one_is_the_high_quantile()
    {
        Add(0.01, times: 19);
        Add(10);

        Assert.InRange(_times.GetQuantile(0.99)!.Value.TotalSeconds, 10, 20);
    }

    [Fact]
    public void Waits_of_any_length_are_counted()
    {
        _times.Add(TimeSpan.Zero, TimeSpan.Zero);
        _times.Add(TimeSpan.FromDays(1), TimeSpan.Zero);
        _times.Add(TimeSpan.FromTicks(-1), TimeSpan.Zero);
        Add(0.01, times: 10);

        Assert.True(_times.GetQuantile(1) > TimeSpan.FromMinutes(2));
        Assert.True(_times.GetQuantile(0) < TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Answers_of_more_than_two_minutes_ago_are_forgotten()
    {
        Add(10, times: 10, minute: 0);
        Add(0.01, times: 10, minute: 1);
        Assert.True(_times.GetQuantile(0.99) > TimeSpan.FromSeconds(9));

        Add(0.01, times: 10, minute: 2);

        Assert.True(_times.GetQuantile(0.99) < TimeSpan.FromSeconds(1));
    }

    private void Add(double seconds, int times = 1, int minute = 0)
    {
        for (var i = 0; i < times; i++)
        {
            _times.Add(TimeSpan.FromSeconds(seconds), TimeSpan.FromMinutes(minute));
        }
    }
}
