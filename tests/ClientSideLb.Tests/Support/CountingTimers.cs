namespace ClientSideLb.Tests;

/// <summary>A clock that counts the timers which are set.</summary>
internal sealed class CountingTimers : TimeProvider
{
    private readonly HashSet<ITimer> _armed = [];

    internal int Armed => _armed.Count;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(_armed);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(HashSet<ITimer> armed) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => dueTime == Timeout.InfiniteTimeSpan ? armed.Remove(this) | true : armed.Add(this) | true;

        public void Dispose() => armed.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
