using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>This program once more, in another role. It ends with this object, and with this process at the latest.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    private readonly string _name;
    private readonly Process _process;
    private Process[] _servers = [];

    private ChildProcess(string name, Process process)
    {
        _name = name;
        _process = process;
    }

    /// <summary>Gets where the child takes requests.</summary>
    internal IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Gets the processor time that serving requests has taken so far.</summary>
    /// <exception cref="LoadException">The child has ended.</exception>
    internal TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                return _servers.Aggregate(TimeSpan.Zero, static (sum, server) => sum + ProcessorTimeOf(server));
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                throw new LoadException($"{_name} has ended in the middle of the measurement.", e);
            }
        }
    }

    /// <summary>Starts a child, and waits until it takes requests. The name is for messages.</summary>
    /// <exception cref="LoadException">It does not start.</exception>
    internal static async Task<ChildProcess> StartAsync(
        string name, string role, IEnumerable<string> args, CancellationToken cancellationToken)
    {
        var child = new ChildProcess(name, Process.Start(StartInfo(role, args))!);
        try
        {
            await child.WhenListeningAsync(cancellationToken);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(EndLimit))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        foreach (var server in _servers)
        {
            server.Dispose();
        }

        _process.Dispose();
    }

    private static TimeSpan ProcessorTimeOf(Process server)
    {
        server.Refresh();
        return server.TotalProcessorTime;
    }

    private static ProcessStartInfo StartInfo(string role, IEnumerable<string> args)
    {
        var program = Environment.ProcessPath!;
        List<string> all = [ChildRoles.Command, role, .. args];
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            all.Insert(0, typeof(ChildProcess).Assembly.Location);
        }

        var start = new ProcessStartInfo(program, all) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // What an application of ASP.NET Core has by default.
        start.Environment["DOTNET_gcServer"] = "1";
        return start;
    }

    private async Task WhenListeningAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadException($"{_name} did not start within {StartLimit.TotalSeconds} s.", e);
        }

        if (line is null)
        {
            throw new LoadException($"{_name} ended before taking a request; what it says of that is above.");
        }

        var announcement = JsonSerializer.Deserialize<Announcement>(line)!;
        Addresses = [.. announcement.Ports.Select(static port => new Uri($"http://127.0.0.1:{port}/"))];
        _servers = [.. announcement.ProcessIds.Select(Process.GetProcessById)];
    }
}
