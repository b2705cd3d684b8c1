using System.Diagnostics;

namespace Shop.Start;

/// <summary>An application of the shop in a process of its own.</summary>
/// <param name="project">The application's project.</param>
/// <param name="name">The name before each line that it prints.</param>
internal sealed class AppProcess(string project, string name) : IDisposable
{
    private const string Lifetime = "Microsoft.Hosting.Lifetime";
    private const string Listening = "Now listening on: ";

    private const int LineLimit = 400;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private Process? _process;

    internal bool IsRunning => _process is { HasExited: false };

    internal string Name => name;

    /// <summary>Starts the application.</summary>
    /// <returns>The address at which it listens.</returns>
    /// <exception cref="InvalidOperationException">It has ended before it listened, or does not listen in time.</exception>
    internal async Task<string> StartAsync(params IEnumerable<string> args)
    {
        // This program's output folder, such as Shop.Start/bin/Debug/net10.0, tells where that of the other project is.
        var output = AppContext.BaseDirectory.Replace("Shop.Start", project, StringComparison.Ordinal);
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var process = Process.Start(new ProcessStartInfo(dotnet, [Path.Combine(output, $"{project}.dll"), .. args])
        {
            RedirectStandardOutput = true,

            // There it reads the appsettings.json of the project, so that a change of that file takes effect at once.
            WorkingDirectory = Path.GetFullPath(Path.Combine(output, "..", "..", "..")),
        })!;
        _process?.Dispose();
        _process = process;

        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Read(line.Data, address);
        process.BeginOutputReadLine();
        return await address.Task.WaitAsync(StartLimit);
    }

    /// <summary>Kills the application like a crash.</summary>
    internal void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            Kill();
        }

        _process?.Dispose();
    }

    // A line with an exception has its whole stack.
    private static string Shorten(string line) => line.Length <= LineLimit ? line : $"{line[..LineLimit]} …";

    private void Read(string? line, TaskCompletionSource<string> address)
    {
        if (line is null)
        {
            address.TrySetException(new InvalidOperationException($"{name} has ended before it took a request."));
        }
        else if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
        {
            address.TrySetResult(line[(at + Listening.Length)..].Trim());
        }
        else if (!line.Contains(Lifetime, StringComparison.Ordinal))
        {
            Console.WriteLine($"{name}: {Shorten(line)}");
        }
    }
}
