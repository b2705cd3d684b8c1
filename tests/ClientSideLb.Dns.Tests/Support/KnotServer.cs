namespace ClientSideLb.Dns.Tests.Support;

/// <summary>Knot DNS with the zone <c>example</c>, whose records a test changes while it runs.</summary>
internal sealed class KnotServer : IAsyncDisposable
{
    private readonly string _control;
    private readonly string _socket;
    private readonly string _zone;
    private DaemonProcess _daemon = null!;
    private int _serial;

    private KnotServer(string control, DirectoryInfo folder)
    {
        _control = control;
        _socket = Path.Combine(folder.FullName, "knot.sock");
        _zone = Path.Combine(folder.FullName, "example.zone");
    }

    internal string Address { get; private set; } = "";

    /// <summary>Starts a server with these records, or skips the test.</summary>
    internal static async Task<KnotServer> StartAsync(params string[] records)
    {
        var program = DaemonProcess.FindOrSkip("knotd", "knot");
        var control = DaemonProcess.FindOrSkip("knotc", "knot");
        var folder = DaemonProcess.CreateFolder();
        var server = new KnotServer(control, folder);
        var port = DaemonProcess.FindFreePort();
        var settings = Path.Combine(folder.FullName, "knot.conf");
        await File.WriteAllTextAsync(
            settings,
            $"""
            server:
                listen: 127.0.0.1@{port}
                rundir: "{folder.FullName}"
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            control:
                listen: "{server._socket}"
            database:
                storage: "{folder.FullName}"
            log:
              - target: stderr
                any: warning
            zone:
              - domain: example
                file: "{server._zone}"
                journal-content: none
            """);
        await server.WriteAsync(records);
        server._daemon = await DaemonProcess.StartAsync(program, ["--config", settings], folder, port, "ns.example");
        server.Address = $"127.0.0.1:{port}";
        return server;
    }

    /// <summary>Replaces all records while the server runs.</summary>
    internal async Task ChangeAsync(params string[] records)
    {
        await WriteAsync(records);
        await DaemonProcess.RunAsync(_control, "--socket", _socket, "--blocking", "zone-reload", "example");
    }

    internal Task StopAsync() => _daemon.StopAsync();

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private Task WriteAsync(string[] records) => File.WriteAllTextAsync(
        _zone,
        $"""
        $ORIGIN example.
        $TTL 60
        @ SOA ns mail {++_serial} 900 900 900 2
        @ NS ns
        ns A 127.0.0.1
        {string.Join('\n', records)}

        """);
}
