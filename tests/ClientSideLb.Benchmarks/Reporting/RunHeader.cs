using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

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

    private static string Processor() => FindProcessor() is { Length: > 0 } name ? name : $"{Unknown} processor ({RuntimeInformation.ProcessArchitecture})";

    private static string? FindProcessor()
    {
        const string Information = "/proc/cpuinfo";

        if (File.Exists(Information))
        {
            // Some architectures have no such line.
            return File.ReadLines(Information).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
        }

        return OperatingSystem.IsMacOS()
            ? Tool.TryRun("sysctl", "-n", "machdep.cpu.brand_string")
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
    }

    private static string Cores() => Environment.ProcessorCount == 1 ? "1 core" : $"{Environment.ProcessorCount} cores";

    // The build writes it down, so that a program that was copied to another machine knows it too.
    private static string Commit()
    {
        const int ShortLength = 10;

        var version = typeof(RunHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        if (version.Split('+', 2) is not [_, { Length: >= ShortLength } built])
        {
            return Unknown;
        }

        // The folder of the program may belong to another repository, or to a later commit of this one.
        var folder = AppContext.BaseDirectory;
        var hasChanges = Tool.TryRun("git", "-C", folder, "rev-parse", "HEAD") == built
            && Tool.TryRun("git", "-C", folder, "status", "--porcelain", "--untracked-files=no") is { Length: > 0 };
        return hasChanges ? $"{built[..ShortLength]} with changes" : built[..ShortLength];
    }
}
