using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace ClientSideLb.Dns.Tests.Support;

/// <summary>A real DNS server that runs for one test, with files of its own.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly List<string> _output = [];

    private DaemonProcess(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Gets the path of a program, or skips the test.</summary>
    internal static string FindOrSkip(string program, string package)
    {
        var path = Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"There is no {program}. Install it (on Debian, apt-get install {package}).");
        return path!;
    }

    /// <summary>Gets a port that nothing listens to, neither over UDP nor over TCP.</summary>
    internal static int FindFreePort()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            using var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return ((IPEndPoint)tcp.LocalEndpoint).Port;
            }
            catch (SocketException) when (attempt < 20)
            {
                // The next one.
            }
        }
    }

    internal static DirectoryInfo CreateFolder() => Directory.CreateTempSubdirectory("clientsidelb-dns-");

    /// <summary>Starts a server, and waits until it answers a question about a name that it has.</summary>
    internal static async Task<DaemonProcess> StartAsync(string program, IEnumerable<string> arguments, DirectoryInfo folder, int port, string name)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var daemon = new DaemonProcess(process, folder);
        var client = new LookupClient(new LookupClientOptions(new NameServer(IPAddress.Loopback, port)) { UseCache = false, Retries = 0, Timeout = TimeSpan.FromSeconds(1) });
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    Assert.False(process.HasExited, $"{program} has ended: {daemon.Output}");
                    try
                    {
                        return !(await client.QueryAsync(name, QueryType.A)).HasError;
                    }
                    catch (DnsResponseException)
                    {
                        return false;
                    }
                },
                $"{program} answers: {daemon.Output}");
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    internal static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{await error}");
    }

    internal async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output.TakeLast(20));
            }
        }
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
