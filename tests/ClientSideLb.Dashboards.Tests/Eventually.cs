namespace ClientSideLb.Dashboards.Tests;

/// <summary>Waits until something is so, without a fixed delay.</summary>
internal static class Eventually
{
    /// <summary>The time after which a waiting test fails. It is long, because only a failing test takes that long.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <param name="condition">What must become true.</param>
    /// <param name="description">Says at the deadline what was not so.</param>
    internal static async Task TrueAsync(Func<Task<bool>> condition, Func<string> description)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within {Deadline.TotalSeconds:0} s: {description()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }
}
