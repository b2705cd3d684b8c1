namespace ClientSideLb.Dns.Tests.Support;

/// <summary>dnsmasq with records of the domain <c>example</c>.</summary>
internal static class DnsmasqServer
{
    /// <summary>Starts a server with these settings, or skips the test.</summary>
    internal static async Task<(DaemonProcess Daemon, string Address)> StartAsync(params string[] settings)
    {
        var program = DaemonProcess.FindOrSkip("dnsmasq", "dnsmasq-base");
        var folder = DaemonProcess.CreateFolder();
        var port = DaemonProcess.FindFreePort();
        var daemon = await DaemonProcess.StartAsync(
            program,
            [
                "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts", "--bind-interfaces", $"--user={Environment.UserName}",
                "--listen-address=127.0.0.1", $"--port={port}", "--local=/example/", "--host-record=ns.example,127.0.0.1",
                .. settings,
            ],
            folder,
            port,
            "ns.example");
        return (daemon, $"127.0.0.1:{port}");
    }
}
