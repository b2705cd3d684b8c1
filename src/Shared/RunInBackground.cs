namespace ClientSideLb.Shared;

/// <summary>Runs what outlives the request that starts it.</summary>
internal static class RunInBackground
{
    // What is disposed is cut right after. What does not end by then must not stop the application from ending.
    private static readonly TimeSpan LongestDisposal = TimeSpan.FromSeconds(1);

    /// <summary>Starts a loop without the context of the caller, such as the activity of its request.</summary>
    internal static Task Start(Func<Task> run)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(run);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(run);
        }
    }

    /// <summary>Waits while a container is disposed until what runs has ended, but not for long.</summary>
    internal static async Task EndAsync(Task running)
    {
        try
        {
            // The limit is in real time. A clock that a test moves by hand stands still while the container is disposed.
            await running.WaitAsync(LongestDisposal).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            // It ends when its connections are gone.
        }
    }
}
