using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Time that a test moves by hand, and that tells for how long the code under test has begun to wait.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            _pauses.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Waits until the code under test has begun the next pause, and gives its length.</summary>
    internal async Task<TimeSpan> NextPauseAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        return await _pauses.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>Waits until the code under test has begun the next pause, and lets it pass.</summary>
    internal async Task<TimeSpan> PassNextPauseAsync()
    {
        var pause = await NextPauseAsync();
        Advance(pause);
        return pause;
    }
}
