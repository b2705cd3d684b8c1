namespace ClientSideLb.Simulator.Time;

/// <summary>The clock of a simulation. It moves only from one event to the next, and its timers are events.</summary>
internal sealed class VirtualTime(EventQueue events) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<VirtualTimer?> _timers = [];
    private readonly Stack<int> _free = new();

    // Each change of a timer gets a new stamp, so that the event of an old timer cannot fire a new one in the same slot.
    private int _stamp;

    /// <summary>Gets or sets the time in nanoseconds since the simulation began.</summary>
    internal long Now { get; set; }

    public override long TimestampFrequency => Nanoseconds.PerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => Epoch + Nanoseconds.ToTimeSpan(Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (!_free.TryPop(out var slot))
        {
            slot = _timers.Count;
            _timers.Add(null);
        }

        var timer = new VirtualTimer(this, slot, callback, state);
        _timers[slot] = timer;
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires the timer of an event, unless the timer has been changed or disposed of since the event was scheduled.</summary>
    internal void Fire(in Event due)
    {
        if (_timers[due.Target] is { } timer && timer.Stamp == due.Stamp)
        {
            timer.Fire();
        }
    }

    private void Schedule(VirtualTimer timer, int slot, TimeSpan due) =>
        events.Push(Now + Nanoseconds.Of(due), EventKind.Timer, slot, timer.Stamp);

    private sealed class VirtualTimer(VirtualTime time, int slot, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        internal int Stamp { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _period = period;
            Stamp = ++time._stamp;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Schedule(this, slot, dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            if (!_disposed)
            {
                _disposed = true;
                time._timers[slot] = null;
                time._free.Push(slot);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                time.Schedule(this, slot, _period);
            }

            callback(state);
        }
    }
}
