using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Examples;

/// <summary>Runs the first example that a reader meets.</summary>
public sealed class QuickstartTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ten_requests_use_all_three_backends_and_ten_more_succeed_without_the_one_that_has_stopped()
    {
        var (exitCode, text, error) = await ExampleProcess.RunAsync("Quickstart", output);

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        var parts = text.Split("Backend 2 has stopped, and no request fails:");
        Assert.Equal(2, parts.Length);

        // In turn, from a backend on that is chosen at random.
        var backends = GetBackends(parts[0]);
        Assert.Equal(10, backends.Length);
        Assert.Equal(["1", "2", "3"], backends.Take(3).Order());
        Assert.Equal(backends.Take(7), backends.Skip(3));
        Assert.Equal(10, GetBackends(parts[1]).Length);
        Assert.Equal(["1", "3"], GetBackends(parts[1]).Distinct().Order());
        Assert.All(text.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public void The_program_fits_on_one_screen_of_40_lines_and_100_columns()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "examples", "Quickstart", "Program.cs"));

        Assert.InRange(lines.Length, 1, 40);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 100));
    }

    private static string[] GetBackends(string text) =>
        [.. Regex.Matches(text, @"^  request +\d+: backend (\d)\r?$", RegexOptions.Multiline).Select(static match => match.Groups[1].Value)];
}
