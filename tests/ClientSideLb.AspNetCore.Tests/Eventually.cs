namespace ClientSideLb.AspNetCore.Tests;

/// <summary>Waits for what will be so soon, without assuming how soon.</summary>
internal static class Eventually
{
    /// <summary>How long a test waits before it fails. Generous: only a failing test takes that long.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    internal static async Task True(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within {Deadline.TotalSeconds:0} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
