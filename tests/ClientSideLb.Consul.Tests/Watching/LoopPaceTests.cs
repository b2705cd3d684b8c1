using ClientSideLb.Consul.Watching;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Consul.Tests.Watching;

public sealed class LoopPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(false, 15)]
    [InlineData(true, 1)]
    public void Two_answers_pass_at_once_and_then_one_for_each_period(bool isChange, int seconds)
    {
        var pace = new LoopPace(_time);

        Assert.Equal([0, 0, seconds], Enumerable.Range(0, 3).Select(_ => pace.GetPause(isChange).TotalSeconds));
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(seconds, pace.GetPause(isChange).TotalSeconds, 1e-6);
    }

    [Fact]
    public void A_change_is_not_held_up_by_answers_that_changed_nothing()
    {
        var pace = new LoopPace(_time);
        pace.GetPause(false);
        pace.GetPause(false);
        pace.GetPause(false);

        Assert.Equal(TimeSpan.Zero, pace.GetPause(true));
    }

    [Fact]
    public void A_long_rest_earns_no_more_than_the_burst()
    {
        var pace = new LoopPace(_time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([0, 0, 15], Enumerable.Range(0, 3).Select(_ => pace.GetPause(false).TotalSeconds));
    }
}
