using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>
/// Backends that answer in virtual time, and callers that send the next request when one has been answered. How fast the machine is
/// does not matter: the clock jumps from one answer to the next.
/// </summary>
internal sealed class VirtualBackends(FakeTimeProvider time)
{
    private readonly Dictionary<string, (int Milliseconds, HttpStatusCode Status)> _backends = [];
    private readonly Dictionary<string, int> _attempts = [];
    private readonly PriorityQueue<(TaskCompletionSource<HttpResponseMessage> Answer, HttpStatusCode Status), DateTimeOffset> _underWay = new();

    /// <summary>Gets the share of the attempts since the latest <see cref="RunAsync"/> that a backend got.</summary>
    internal double ShareOf(string host) => (double)_attempts.GetValueOrDefault(host) / _attempts.Values.Sum();

    internal void Set(string host, int milliseconds, HttpStatusCode status = HttpStatusCode.OK) => _backends[host] = (milliseconds, status);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host;
        var (milliseconds, status) = _backends[host];
        _attempts[host] = _attempts.GetValueOrDefault(host) + 1;
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _underWay.Enqueue((answer, status), time.GetUtcNow().AddMilliseconds(milliseconds));
        return answer.Task;
    }

    /// <summary>Sends requests, a number of them at a time.</summary>
    internal async Task RunAsync(HttpClient client, int requests, int concurrency)
    {
        _attempts.Clear();
        List<Task<HttpResponseMessage>> running = [.. Enumerable.Range(0, concurrency).Select(_ => client.GetAsync("/"))];
        for (var sent = concurrency; running.Count > 0; sent++)
        {
            Assert.True(_underWay.TryDequeue(out var next, out var due), "A request did not reach a backend.");
            time.Advance(due - time.GetUtcNow());
            next.Answer.SetResult(new HttpResponseMessage(next.Status));
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            (await ended).Dispose();
            if (sent < requests)
            {
                running.Add(client.GetAsync("/"));
            }
        }
    }
}
