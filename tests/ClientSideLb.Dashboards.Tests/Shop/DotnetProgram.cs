using System.Diagnostics;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>An application of examples/Shop in a process of its own.</summary>
internal sealed class DotnetProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _printed = [];

    /// <param name="project">The project.</param>
    /// <param name="folder">The folder to run it in.</param>
    /// <param name="arguments">The arguments.</param>
    internal DotnetProgram(string project, string folder, params IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [PathOf(project), .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = folder,
            },
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
    }

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

    /// <summary>Waits until the application has printed something.</summary>
    internal async Task PrintsAsync(Func<string, bool> text)
    {
        await Eventually.TrueAsync(() => Task.FromResult(text(Printed) || _process.HasExited), () => Printed);
        Assert.False(_process.HasExited, Printed);
    }

    internal async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
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

    // The folder below the project, such as bin/Debug/net10.0, is the same as that of the tests.
    private static string PathOf(string project)
    {
        var tests = RepositoryFiles.PathOf("tests", "ClientSideLb.Dashboards.Tests");
        return RepositoryFiles.PathOf("examples", "Shop", project, Path.GetRelativePath(tests, AppContext.BaseDirectory), $"{project}.dll");
    }
}
