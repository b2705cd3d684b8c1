namespace ClientSideLb.Tests.Functional;

/// <summary>Waits for what will be so soon, without assuming how soon; the one place where a test waits by the clock.</summary>
internal static class Eventually
{
    /// <summary>How long a test waits before it fails. Generous: only a failing test takes that long.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    internal static Task True(Func<bool> condition, string what) =>
        True(() => Task.FromResult(condition()), what);

    internal static async Task True(Func<Task<bool>> condition, string what)
    {
        if (!await Holds(condition))
        {
            Assert.Fail($"Not within {Deadline.TotalSeconds:0} s: {what}");
        }
    }

    internal static async Task Equal<T>(T expected, Func<T> actual)
    {
        await Holds(() => Task.FromResult(Is(expected, actual())));
        Assert.Equal(expected, actual());
    }

    /// <summary>Awaits a task that ends soon, and fails the test if it does not.</summary>
    internal static Task Done(Task task) => task.WaitAsync(Deadline);

    /// <inheritdoc cref="Done(Task)"/>
    internal static Task<T> Done<T>(Task<T> task) => task.WaitAsync(Deadline);

    private static async Task<bool> Holds(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(Interval);
        }

        return true;
    }

    private static bool Is<T>(T expected, T actual)
    {
        try
        {
            Assert.Equal(expected, actual);
            return true;
        }
        catch (Xunit.Sdk.XunitException)
        {
            return false;
        }
    }
}
