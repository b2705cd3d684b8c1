namespace ClientSideLb.Clusters;

/// <summary>Starts what outlives the request that starts it, without that request's ambient state.</summary>
internal static class BackgroundWork
{
    internal static Task Run(Func<Task> work) => Run(work, TaskScheduler.Default);

    internal static Task Run(Func<Task> work, TaskScheduler scheduler) =>
        WithoutFlow(() => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap());

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
