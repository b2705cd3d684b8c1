using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;

namespace ClientSideLb.Benchmarks.Reporting;

/// <summary>The line above a table of measurements: without it nobody can tell what the figures are worth, or repeat them.</summary>
internal static class RunHeader
{
    private const string Unknown = "unknown";

    /// <summary>Describes this machine, this day, this commit, and the versions of the peers.</summary>
    internal static string Describe(params IEnumerable<Peer> peers) => string.Join("; ", Parts(peers));

    private static IEnumerable<string> Parts(IEnumerable<Peer> peers)
    {
        yield return $"{Processor()}, {Cores()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        yield return DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        yield return $"commit {Commit()}";
        if (string.Join(", ", peers) is { Length: > 0 } versions)
        {
            yield return versions;
        }
    }

    private static string Processor() =>
        HostEnvironmentInfo.GetCurrent().Cpu.Value?.ProcessorName is { Length: > 0 } name
            ? name.Trim()
            : $"{Unknown} processor ({RuntimeInformation.ProcessArchitecture})";

    private static string Cores() => Environment.ProcessorCount == 1 ? "1 core" : $"{Environment.ProcessorCount} cores";

    private static string Commit()
    {
        // Of what was built, wherever it is run from.
        var folder = AppContext.BaseDirectory;
        if (Tool.TryRun("git", "-C", folder, "rev-parse", "--short=10", "HEAD") is not { } commit)
        {
            return Unknown;
        }

        var changes = Tool.TryRun("git", "-C", folder, "status", "--porcelain", "--untracked-files=no");
        return string.IsNullOrEmpty(changes) ? commit : $"{commit} with changes";
    }
}
