namespace Dashboard;

/// <summary>Sends requests to the service at an even pace, without waiting for answers.</summary>
internal sealed class SteadyLoad(IHttpClientFactory clients, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        for (var id = 0; await timer.WaitForNextTickAsync(stoppingToken); id++)
        {
            _ = SendAsync(id, stoppingToken);
        }
    }

    private async Task SendAsync(int id, CancellationToken stoppingToken)
    {
        try
        {
            using var response = await clients.CreateClient("orders").GetAsync(new Uri($"orders/{id}", UriKind.Relative), stoppingToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            // The page shows the failure.
        }
    }
}
