using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Waits until another thread or process has done something. No other code of the tests waits by the clock.</summary>
internal static class Eventually
{
    /// <summary>The time after which a test fails. Only a failing test takes that long.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    internal static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    internal static async Task True(Func<Task<bool>> condition, string what)
    {
        if (!await Holds(condition))
        {
            Assert.Fail($"Not within {Deadline.TotalSeconds:0} s: {what}");
        }
    }

    /// <summary>Moves the clock on, step by step, until a condition holds.</summary>
    internal static Task TrueAsTimePasses(FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what) => True(
        () =>
        {
            time.Advance(step);
            return condition();
        },
        what);

    /// <summary>Lets the garbage collector run until a condition holds.</summary>
    internal static Task TrueAfterCollection(Func<bool> condition, string what, int generation = 0) => True(
        () =>
        {
            GC.Collect(generation);
            GC.WaitForPendingFinalizers();
            return condition();
        },
        what);

    internal static async Task Equal<T>(T expected, Func<T> actual)
    {
        await Holds(() => Task.FromResult(Record.Exception(() => Assert.Equal(expected, actual())) is null));
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
}
