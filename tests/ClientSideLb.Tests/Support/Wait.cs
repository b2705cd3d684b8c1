namespace ClientSideLb.Tests;

/// <summary>Waits for what another thread is about to do.</summary>
internal static class Wait
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    internal static async Task Until(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"In vain waited until {what}.");
            await Task.Delay(1);
        }
    }
}
