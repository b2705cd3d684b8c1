using System.Diagnostics;

namespace ClientSideLb.Dashboards.Tests.Prometheus;

/// <summary>The programs of Debian's package <c>prometheus</c>.</summary>
internal static class PrometheusTools
{
    private static readonly string? Server = Find("prometheus");
    private static readonly string? Tool = Find("promtool");

    internal static bool AreMissing => Server is null || Tool is null;

    internal static void SkipIfMissing() => Assert.SkipWhen(AreMissing, "prometheus is not installed (apt-get install prometheus).");

    /// <summary>Runs promtool to its end.</summary>
    /// <returns>What it writes. If it fails, the test does.</returns>
    internal static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        SkipIfMissing();
        using var process = Process.Start(new ProcessStartInfo(Tool!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{await output}{await errors}");
            return await output;
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Starts the server.</summary>
    internal static Process Start(params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Server!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(static folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
