using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Tests.Time;

public sealed class VirtualTimeTests
{
    private readonly EventQueue _events = new();
    private readonly VirtualTime _time;
    private readonly List<(string Timer, long At)> _fired = [];

    public VirtualTimeTests() => _time = new VirtualTime(_events);

    [Fact]
    public void A_timer_fires_once_and_a_periodic_one_fires_until_it_is_disposed_of()
    {
        StartTimer("once", due: 3);
        var periodic = StartTimer("again", due: 1, period: 3);

        Advance(7);
        periodic.Dispose();
        Advance(20);

        Assert.Equal([("again", 1), ("once", 3), ("again", 4), ("again", 7)], _fired);
    }

    [Fact]
    public void A_timer_that_is_changed_fires_only_at_its_new_time()
    {
        StartTimer("changed", due: 3).Change(TimeSpan.FromMilliseconds(8), Timeout.InfiniteTimeSpan);

        Advance(20);

        Assert.Equal([("changed", 8)], _fired);
    }

    [Fact]
    public void A_new_timer_does_not_fire_for_one_that_was_disposed_of()
    {
        StartTimer("disposed of", due: 3).Dispose();
        StartTimer("new", due: 7);

        Advance(20);

        Assert.Equal([("new", 7)], _fired);
    }

    [Fact]
    public async Task A_delay_ends_at_its_time()
    {
        var delay = Task.Delay(TimeSpan.FromMilliseconds(5), _time, TestContext.Current.CancellationToken);

        Advance(4);
        Assert.False(delay.IsCompleted);
        Advance(5);

        await delay;
    }

    [Fact]
    public void The_clock_and_the_timestamps_show_the_same_time()
    {
        var start = _time.GetUtcNow();
        _time.Now = Nanoseconds.Of(TimeSpan.FromHours(2));

        Assert.Equal(TimeSpan.FromHours(2), _time.GetElapsedTime(0));
        Assert.Equal(TimeSpan.FromHours(2), _time.GetUtcNow() - start);
    }

    private ITimer StartTimer(string name, int due, int? period = null) => _time.CreateTimer(
        _ => _fired.Add((name, _time.Now / Nanoseconds.PerMillisecond)),
        state: null,
        TimeSpan.FromMilliseconds(due),
        period is { } every ? TimeSpan.FromMilliseconds(every) : Timeout.InfiniteTimeSpan);

    private void Advance(int toMilliseconds)
    {
        while (_events.NextTime <= toMilliseconds * Nanoseconds.PerMillisecond)
        {
            var due = _events.Pop();
            _time.Now = due.Time;
            _time.Fire(in due);
        }
    }
}
