using System.Collections.Concurrent;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Clients that send one request after another without a pause, until they are stopped.</summary>
internal sealed class Load : IAsyncDisposable
{
    internal const int DefaultClients = 32;

    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly HttpClient _http;
    private readonly Func<HttpRequestMessage> _request;
    private readonly Task _clients;
    private int _requests;
    private int _answers;

    internal Load(HttpClient http, int clients, Func<HttpRequestMessage>? request)
    {
        _http = http;
        _request = request ?? (static () => new HttpRequestMessage(HttpMethod.Get, "/"));
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(RunAsync)));
    }

    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets the number of requests that were answered with a 2xx status and a whole body.</summary>
    internal int Answers => Volatile.Read(ref _answers);

    internal IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Waits for a number of further answers.</summary>
    internal Task AnswersAsync(int count)
    {
        var reached = Answers + count;
        return Eventually.True(() => Answers >= reached, $"{count} more answers");
    }

    /// <summary>Sends no more requests, and waits until the last one has ended.</summary>
    internal async Task StopAsync()
    {
        await _stopped.CancelAsync();
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopped.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            Interlocked.Increment(ref _requests);
            try
            {
                using var request = _request();
                using var response = await _http.SendAsync(request);
                response.EnsureSuccessStatusCode();
                Interlocked.Increment(ref _answers);
            }
            catch (Exception failure)
            {
                _failures.Enqueue(failure);

                // If all backends are dead, a failure takes no time. The loop must leave them the processor.
                await Task.Delay(1);
            }
        }
    }
}
