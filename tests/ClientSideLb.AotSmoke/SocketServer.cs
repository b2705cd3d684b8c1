using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClientSideLb.AotSmoke;

/// <summary>
/// An HTTP/1.1 server on a bare socket, so that the published program holds little but the library. It answers with its name,
/// the Host header and the path; <c>/stream</c> is answered in two chunks, the second when <see cref="EndStreams"/> is called.
/// </summary>
internal sealed class SocketServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _streamsEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name;
    private int _requests;

    internal SocketServer(string name)
    {
        _name = name;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    internal Uri Address { get; }

    internal int Requests => Volatile.Read(ref _requests);

    internal void EndStreams() => _streamsEnd.TrySetResult();

    public void Dispose()
    {
        _stop.Cancel();
        _streamsEnd.TrySetResult();
        _listener.Dispose();
        _stop.Dispose();
    }

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
                var host = "";
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
                {
                    host = header.StartsWith("Host: ", StringComparison.OrdinalIgnoreCase) ? header["Host: ".Length..] : host;
                }

                Interlocked.Increment(ref _requests);
                await AnswerAsync(stream, path: requestLine.Split(' ')[1], host);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has gone, or this has been disposed.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string path, string host)
    {
        if (path != "/stream")
        {
            var body = $"{_name} {host} {path}";
            await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            return;
        }

        await WriteAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        await _streamsEnd.Task;
        await WriteAsync(stream, "4\r\nlast\r\n0\r\n\r\n");
    }

    private Task WriteAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token).AsTask();
}
