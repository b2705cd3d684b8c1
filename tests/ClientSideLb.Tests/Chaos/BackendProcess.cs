using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace ClientSideLb.Tests.Chaos;

/// <summary>A backend in a process of its own, which can be killed and started again on the same port.</summary>
internal sealed class BackendProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _received = new();
    private readonly bool _http2;
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    private BackendProcess(int port, bool http2)
    {
        Address = new Uri($"http://127.0.0.1:{port}/");
        _http2 = http2;
    }

    internal Uri Address { get; }

    /// <summary>Gets the ids of all requests that it has received, also before it was killed. An id that came twice is there twice.</summary>
    internal IReadOnlyCollection<string> Received => _received;

    /// <summary>Starts a backend. With HTTP/2 it answers gRPC calls, each with its own message.</summary>
    internal static async Task<BackendProcess> StartAsync(bool http2 = false)
    {
        var backend = new BackendProcess(FreePort.Take(), http2);
        await backend.RestartAsync();
        return backend;
    }

    /// <summary>Starts the process, and waits until it listens.</summary>
    internal async Task RestartAsync()
    {
        Assert.Null(_process);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(Path.Combine(Repository.OutputOf("tests", "ClientSideLb.ChaosBackend"), "ClientSideLb.ChaosBackend.dll"));
        start.ArgumentList.Add($"{Address.Port}");
        start.ArgumentList.Add(_http2 ? "http2" : "http1");
        _process = Process.Start(start)!;
        Assert.Equal("listening", await Eventually.Done(_process.StandardOutput.ReadLineAsync()));
        _reading = ReadAsync(_process.StandardOutput);
    }

    /// <summary>Kills the process (SIGKILL), and waits until it is gone and its output has been read.</summary>
    internal async Task KillAsync()
    {
        if (_process is null)
        {
            return;
        }

        _process.Kill();
        await Eventually.Done(_process.WaitForExitAsync());
        await Eventually.Done(_reading);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Suspends the process (SIGSTOP). The system still accepts connections for it, but they get no answer.</summary>
    internal Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets a suspended process continue (SIGCONT).</summary>
    internal Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Tells the backend how to behave from now on.</summary>
    internal async Task BecomeAsync(string mode)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            DefaultRequestVersion = _http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await Eventually.Done(http.GetAsync(new Uri(Address, $"/become/{mode}")));
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await Eventually.Done(kill.WaitForExitAsync());
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } id)
        {
            _received.Enqueue(id);
        }
    }
}
