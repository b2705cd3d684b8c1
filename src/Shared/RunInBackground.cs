namespace ClientSideLb.Shared;

/// <summary>Runs loops that outlive the requests that start them.</summary>
internal static class RunInBackground
{
    // The connections are cut right after this time. A loop that has not ended by then must not stop the application from ending.
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

    /// <summary>Waits for the end of a loop while its container is disposed, but not for long.</summary>
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
