namespace ClientSideLb.Discovery;

/// <summary>The pause of a feed between two queries.</summary>
/// <param name="Length">How long the pause lasts, unless something ends it earlier.</param>
/// <param name="End">Ends the pause: with <see langword="true"/> if the source reports a change, otherwise with <see langword="false"/>.</param>
/// <remarks>It refers neither to the feed nor to its source, because the timer of the pause keeps it alive.</remarks>
internal readonly record struct FeedPause(TimeSpan Length, TaskCompletionSource<bool> End)
{
    internal FeedPause(TimeSpan length)
        : this(length, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously))
    {
    }

    /// <summary>Waits until the pause is over.</summary>
    /// <returns>Whether the source has reported a change.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    internal async Task<bool> WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        // One timer and one registration take less memory than Task.WhenAny over Task.Delay. An application may have thousands of feeds.
        using var timer = time.CreateTimer(static end => ((TaskCompletionSource<bool>)end!).TrySetResult(false), End, Length, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(
            static (end, token) => ((TaskCompletionSource<bool>)end!).TrySetCanceled(token), End);
        return await End.Task.ConfigureAwait(false);
    }
}
