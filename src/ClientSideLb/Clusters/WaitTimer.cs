using ClientSideLb.Configuration;

namespace ClientSideLb.Clusters;

/// <summary>The one timer of a queue, set for the request that has waited longest. The queue's lock protects it.</summary>
/// <param name="time">The clock.</param>
/// <param name="settings">Gets the present settings.</param>
/// <param name="onDue">Called when that request may have waited for as long as it may.</param>
internal sealed class WaitTimer(TimeProvider time, Func<ConcurrencySettings> settings, Action onDue) : IDisposable
{
    private ITimer? _timer;

    /// <summary>Tells whether a request has waited for as long as it may.</summary>
    internal bool IsOver(Waiter waiter) => GetRest(waiter) <= TimeSpan.Zero;

    internal void Set(Waiter oldest)
    {
        // Timers count whole milliseconds.
        var pause = TimeSpan.FromMilliseconds(Math.Ceiling(GetRest(oldest).TotalMilliseconds));
        _timer ??= BackgroundWork.CreateTimer(time, static onDue => ((Action)onDue!)(), onDue);
        _timer.Change(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    internal void Stop() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer?.Dispose();

    private TimeSpan GetRest(Waiter waiter) => settings().QueueTimeout - time.GetElapsedTime(waiter.Since);
}
