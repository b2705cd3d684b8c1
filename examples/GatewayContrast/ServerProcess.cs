using System.ComponentModel;
using System.Diagnostics;

namespace GatewayContrast;

/// <summary>
/// Servers in a process of their own, so that their processor time can be measured apart from the client's. Disposing this object ends the
/// process.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    internal IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <exception cref="ServerException">The process has ended.</exception>
    internal TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                throw new ServerException("A server ended during the measurement.", e);
            }
        }
    }

    /// <exception cref="ServerException">The process does not start.</exception>
    internal static async Task<ServerProcess> StartAsync(string role, IEnumerable<string> args, CancellationToken cancellationToken)
    {
        // If this program was started as `dotnet GatewayContrast.dll`, the process is dotnet and needs the assembly as its argument.
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ServerProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. self, role, .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var server = new ServerProcess(Process.Start(start)!);
        try
        {
            server.Addresses = await server.ReadAddressesAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(EndLimit))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task<Uri[]> ReadAddressesAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line
                ? [.. line.Split(' ').Select(static address => new Uri(address))]
                : throw new ServerException("A server ended before it took a request.");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerException($"A server did not start within {StartLimit.TotalSeconds} s.", e);
        }
    }
}
