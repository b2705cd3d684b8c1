using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Time that a test moves by hand. It shows for how long the code under test has begun to wait.</summary>
/// <param name="timeout">A timeout of the code under test, which is no pause.</param>
internal sealed class ObservedTime(TimeSpan timeout = default) : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime != timeout)
        {
            _pauses.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Waits until the code under test has begun the next pause, and gets its length.</summary>
    internal Task<TimeSpan> NextPauseAsync() => Eventually.Done(_pauses.Reader.ReadAsync().AsTask());

    /// <summary>Waits until the code under test has begun the next pause, and lets it pass.</summary>
    internal async Task<TimeSpan> PassNextPauseAsync()
    {
        var pause = await NextPauseAsync();
        Advance(pause);
        return pause;
    }
}
