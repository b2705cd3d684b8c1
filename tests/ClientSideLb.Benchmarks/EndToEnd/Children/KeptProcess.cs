using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>A server that does not watch its standard input, and so needs somebody between it and the load who does.</summary>
internal sealed class KeptProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;

    private KeptProcess(Process process) => _process = process;

    /// <summary>Starts a program that is to listen on a port; the arguments are the port, the program, and its own arguments.</summary>
    internal static async Task<IAsyncDisposable> StartAsync(string[] args, Action<Announcement> announce)
    {
        var port = int.Parse(args[0], CultureInfo.InvariantCulture);

        // In a session of its own: a terminal's Ctrl+C would end it before it can be told apart from a fault.
        var start = new ProcessStartInfo("setsid", args[1..]) { RedirectStandardInput = true };
        var kept = new KeptProcess(Process.Start(start)!);
        try
        {
            await kept.WhenListeningAsync(port);
            announce(new Announcement([port], [.. ProcessTree.Of(kept._process.Id)]));
            return kept;
        }
        catch
        {
            await kept.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // With the workers of the server, which would otherwise be left.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task WhenListeningAsync(int port)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(started) < StartLimit)
            {
                await Task.Delay(Look);
            }
        }
    }
}
