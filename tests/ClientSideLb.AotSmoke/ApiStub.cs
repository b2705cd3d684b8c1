using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClientSideLb.AotSmoke;

/// <summary>An API server of Kubernetes that knows one list of EndpointSlices, and one change of it.</summary>
internal sealed class ApiStub : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _list;
    private readonly string _change;

    internal ApiStub(SocketServer before, SocketServer after)
    {
        _list = $$"""{"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[{{Slice(before, version: 1)}}]}""";
        _change = $$"""{"type":"MODIFIED","object":{{Slice(after, version: 2)}}}""";
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    internal Uri Address { get; }

    /// <summary>Tells the watch of the change.</summary>
    internal void Change() => _changed.TrySetResult();

    public void Dispose()
    {
        _stop.Cancel();
        _changed.TrySetResult();
        _listener.Dispose();
        _stop.Dispose();
    }

    private static string Slice(SocketServer server, int version) =>
        $$"""{"kind":"EndpointSlice","metadata":{"name":"api-a","resourceVersion":"{{version}}"},"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true},"zone":"a"}],"ports":[{"name":"http","port":{{server.Address.Port}},"protocol":"TCP"}]}""";

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using var _ = connection;
        try
        {
            var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (await reader.ReadLineAsync(_stop.Token) is { } requestLine)
            {
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                {
                }

                const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
                if (!requestLine.Contains("watch=1", StringComparison.Ordinal))
                {
                    await WriteAsync(stream, $"{Head}Content-Length: {_list.Length}\r\n\r\n{_list}");
                    continue;
                }

                await WriteAsync(stream, $"{Head}Transfer-Encoding: chunked\r\n\r\n");
                await _changed.Task;
                await WriteAsync(stream, $"{_change.Length + 1:x}\r\n{_change}\n\r\n");
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has gone, or this has been disposed.
        }
    }

    private Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token).AsTask();
}
