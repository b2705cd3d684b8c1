namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>Asks for products many times a second, whether or not the answers come.</summary>
internal sealed class Customers : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _products;
    private readonly Task _running;

    /// <param name="products">Where to ask.</param>
    /// <param name="pause">The time between two requests.</param>
    internal Customers(Uri products, TimeSpan pause)
    {
        _products = products;
        _running = RunAsync(pause);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _http.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(TimeSpan pause)
    {
        var requests = new List<Task>();
        using var timer = new PeriodicTimer(pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                requests.RemoveAll(static request => request.IsCompleted);
                requests.Add(AskAsync());
            }
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(requests);
    }

    private async Task AskAsync()
    {
        try
        {
            using var response = await _http.GetAsync(_products, _end.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // What the customers see is in the metrics.
        }
    }
}
