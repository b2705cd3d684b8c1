namespace ClientSideLb.Simulator.Tests.Engine;

public sealed class VirtualTimeTests
{
    private readonly EventQueue _events = new();
    private readonly VirtualTime _time;
    private readonly List<(string Timer, long At)> _fired = [];

    public VirtualTimeTests() => _time = new VirtualTime(_events);

    [Fact]
    public void A_timer_fires_once_when_it_is_due()
    {
        Timer("once", due: 3);

        Advance(10);

        Assert.Equal([("once", 3)], _fired);
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_disposed_of()
    {
        var timer = Timer("again", due: 1, period: 2);

        Advance(6);
        timer.Dispose();
        Advance(20);

        Assert.Equal([("again", 1), ("again", 3), ("again", 5)], _fired);
    }

    [Fact]
    public void A_timer_that_is_changed_fires_at_its_new_time_alone()
    {
        var timer = Timer("changed", due: 3);

        timer.Change(TimeSpan.FromMilliseconds(8), Timeout.InfiniteTimeSpan);
        Advance(20);

        Assert.Equal([("changed", 8)], _fired);
    }

    [Fact]
    public void A_new_timer_in_the_place_of_one_that_is_gone_does_not_fire_for_it()
    {
        Timer("gone", due: 3).Dispose();
        Timer("new", due: 7);

        Advance(20);

        Assert.Equal([("new", 7)], _fired);
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come()
    {
        var delay = Task.Delay(TimeSpan.FromMilliseconds(5), _time, TestContext.Current.CancellationToken);

        Advance(4);
        Assert.False(delay.IsCompleted);
        Advance(5);

        await delay;
    }

    [Fact]
    public void The_clock_shows_the_same_time_as_the_timestamps()
    {
        var start = _time.GetUtcNow();
        _time.Now = Nanoseconds.Of(TimeSpan.FromHours(2));

        Assert.Equal(TimeSpan.FromHours(2), _time.GetElapsedTime(0));
        Assert.Equal(TimeSpan.FromHours(2), _time.GetUtcNow() - start);
    }

    private ITimer Timer(string name, int due, int? period = null) => _time.CreateTimer(
        _ => _fired.Add((name, _time.Now / 1_000_000)),
        state: null,
        TimeSpan.FromMilliseconds(due),
        period is { } every ? TimeSpan.FromMilliseconds(every) : Timeout.InfiniteTimeSpan);

    private void Advance(int toMilliseconds)
    {
        while (_events.NextTime <= toMilliseconds * 1_000_000L)
        {
            var due = _events.Pop();
            _time.Now = due.Time;
            _time.Fire(in due);
        }
    }
}
