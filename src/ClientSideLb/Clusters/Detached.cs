namespace ClientSideLb;

/// <summary>Starts what outlives the request that starts it, without that request's ambient state.</summary>
internal static class Detached
{
    internal static Task Run(Func<Task> work) => WithoutFlow(() => Task.Run(work));

    internal static ITimer CreateTimer(TimeProvider time, TimerCallback callback, object state) =>
        WithoutFlow(() => time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

    // It may be suppressed only once.
    private static T WithoutFlow<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return start();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return start();
        }
    }
}
