namespace ClientSideLb.Clusters;

/// <summary>
/// Starts work that outlives the request that starts it. The work does not inherit the request's execution context, such as its activity.
/// </summary>
internal static class BackgroundWork
{
    internal static Task Run(Func<Task> work) => Run(work, TaskScheduler.Default);

    internal static Task Run(Func<Task> work, TaskScheduler scheduler) =>
        RunWithoutFlow(() => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap());

    internal static ITimer CreateTimer(TimeProvider time, TimerCallback callback, object state) =>
        RunWithoutFlow(() => time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

    // SuppressFlow throws if the flow is suppressed already.
    private static T RunWithoutFlow<T>(Func<T> start)
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
