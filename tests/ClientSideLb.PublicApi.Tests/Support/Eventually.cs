namespace ClientSideLb.PublicApi.Tests;

/// <summary>Waits for the work of another thread, without assuming how long it takes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal static async Task True(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within {Deadline.TotalSeconds:0} s: {what}");
            await Task.Delay(1);
        }
    }
}
