using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>The running examples/Shop: the API, three replicas of the catalog, and the program that has started them.</summary>
public sealed partial class ShopProcess : IAsyncLifetime
{
    private readonly Process _process = new();
    private readonly List<string> _printed = [];

    internal Uri Address { get; private set; } = null!;

    internal string Printed
    {
        get
        {
            lock (_printed)
            {
                return string.Join('\n', _printed);
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        _process.StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [FindProgram(), "--any-port"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process.StartInfo.Environment["DOTNET_ENVIRONMENT"] = "Production";
        _process.OutputDataReceived += (_, line) =>
        {
            lock (_printed)
            {
                _printed.Add(line.Data ?? "");
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(() => Task.FromResult(AddressPattern().IsMatch(Printed) || _process.HasExited), "the shop tells its address");
        Assert.False(_process.HasExited, Printed);
        Address = new Uri(AddressPattern().Match(Printed).Groups[1].Value);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Types a line, and waits until the shop has said so.</summary>
    internal async Task TypeAsync(string line, string answer)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Printed.Contains(answer, StringComparison.Ordinal)), answer);
    }

    /// <summary>Sends the signal that Ctrl+C sends.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> InterruptAsync()
    {
        using var interrupt = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        return _process.ExitCode;
    }

    // The folder below the project, such as bin/Debug/net10.0, is the same as that of the tests.
    private static string FindProgram()
    {
        var tests = AppContext.BaseDirectory.IndexOf(Path.Combine("tests", "ClientSideLb.AspNetCore.Tests"), StringComparison.Ordinal);
        var output = AppContext.BaseDirectory[(tests + Path.Combine("tests", "ClientSideLb.AspNetCore.Tests").Length + 1)..];
        return Path.Combine(AppContext.BaseDirectory[..tests], "examples", "Shop", "Shop.Start", output, "Shop.Start.dll");
    }

    [GeneratedRegex("^Open (http://[^/]+)/load-balancing", RegexOptions.Multiline)]
    private static partial Regex AddressPattern();
}
