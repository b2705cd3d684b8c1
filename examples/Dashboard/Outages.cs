namespace Dashboard;

/// <summary>Stops one backend and starts it again, over and over.</summary>
internal sealed class Outages(SampleBackend backend, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Up = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Up, time, stoppingToken);
            await backend.StopAsync();
            await Task.Delay(Down, time, stoppingToken);
            await backend.StartAsync();
        }
    }
}
