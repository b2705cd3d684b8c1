using System.Diagnostics;
using Quickstart;

namespace ClientSideLb.Tests.Examples;

/// <summary>Runs the example as its reader would, in a process of its own.</summary>
public sealed class QuickstartTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Piped_it_shows_every_strategy_in_plain_lines_and_no_request_fails()
    {
        var (exitCode, text, error) = await RunAsync("--requests", "40", "--backends", "3");

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.All(StrategyGuide.Names, name => Assert.Contains($"\n{name}: ", text, StringComparison.Ordinal));
        Assert.Equal(StrategyGuide.Names.Count, Occurrences(text, "40 of 40 answered, 0 failed"));
        Assert.Equal(StrategyGuide.Names.Count, Occurrences(text, "backend 3 is offline"));
        Assert.Equal(StrategyGuide.Names.Count, Occurrences(text, "backend 3 is back"));

        // No colours, no box drawing: it is to be read in a log.
        Assert.DoesNotContain(text, static c => !char.IsAscii(c) || (char.IsControl(c) && c is not ('\r' or '\n')));
    }

    [Fact]
    public async Task A_bad_argument_is_one_line_on_standard_error_and_exit_code_2()
    {
        var (exitCode, text, error) = await RunAsync("--backends", "none");

        Assert.Equal(2, exitCode);
        Assert.Equal("", text);
        Assert.Equal("--backends is 'none'; expected a whole number from 2 to 50.", error.TrimEnd());
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Its own output: the copy beside the tests lacks the packages that the tests get from ASP.NET Core.
        start.ArgumentList.Add(Path.Combine(Repository.OutputOf("examples", "Quickstart"), "Quickstart.dll"));
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
