namespace ClientSideLb.Consul.Tests.Support;

/// <summary>Waits until a condition becomes true, without a fixed delay.</summary>
internal static class Eventually
{
    /// <summary>The time after which a waiting test fails. It is long, because only a failing test takes that long.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static Task TrueAsync(Func<bool> condition, string description) => TrueAsync(() => Task.FromResult(condition()), description);

    internal static async Task TrueAsync(Func<Task<bool>> condition, string description)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within {Deadline.TotalSeconds:0} s: {description}");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
