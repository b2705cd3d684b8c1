using System.Diagnostics;

namespace ClientSideLb.Tests.Examples;

/// <summary>Runs an example in a process of its own, as a reader would.</summary>
internal static class ExampleProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(string example, ITestOutputHelper output, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The copy beside the tests lacks the packages that the tests get from ASP.NET Core, so this runs the example's own output.
        start.ArgumentList.Add(Path.Combine(Repository.OutputOf("examples", example), $"{example}.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            output.WriteLine(await text);
            return (process.ExitCode, await text, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
