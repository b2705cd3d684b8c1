using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClientSideLb.Tests.Faults;

/// <summary>
/// A server on one HTTP/1.1 connection: it answers the first request and keeps the connection, reads the second one, and then closes the connection
/// and stops listening without an answer.
/// </summary>
internal sealed class ClosingBackend : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _processed;

    internal ClosingBackend()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        Served = Task.Run(ServeAsync);
    }

    internal Uri Address { get; }

    /// <summary>Gets a task that ends when the server has stopped.</summary>
    internal Task Served { get; }

    /// <summary>Gets the number of requests after the first one that the server has read.</summary>
    internal int Processed => Volatile.Read(ref _processed);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        using var connection = await _listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII, leaveOpen: true);
        await ReadHeadersAsync(reader);
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        await ReadHeadersAsync(reader);
        Interlocked.Increment(ref _processed);

        // The order matters: a repetition on a new connection must be refused.
        _listener.Stop();
    }

    private static async Task ReadHeadersAsync(StreamReader reader)
    {
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (!string.IsNullOrEmpty(line));
    }
}
