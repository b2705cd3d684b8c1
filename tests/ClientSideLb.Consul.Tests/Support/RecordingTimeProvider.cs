using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Consul.Tests.Support;

/// <summary>A clock that stands still until a test moves it, and tells for how long the code under test wants to wait.</summary>
internal sealed class RecordingTimeProvider : FakeTimeProvider
{
    internal ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Pauses.Enqueue(dueTime);
        return timer;
    }
}
