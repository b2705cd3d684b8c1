namespace ClientSideLb.Kubernetes.Tests;

/// <summary>Waits until a condition becomes true, without a fixed delay.</summary>
internal static class Eventually
{
    /// <summary>The time after which a waiting test fails. It is long, because only a failing test takes that long.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static async Task TrueAsync(Func<Task<bool>> condition, string description, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? Deadline);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within {(limit ?? Deadline).TotalSeconds:0} s: {description}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
