using System.Globalization;
using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Docs;

/// <summary>An event of the log, as it stands in the sources of a package.</summary>
internal sealed partial record LogEvent(int Id, string Level, string Name, string Parameters)
{
    private static readonly string[] Packages = ["ClientSideLb", "ClientSideLb.AspNetCore", "ClientSideLb.Consul", "ClientSideLb.Dns", "ClientSideLb.Kubernetes"];

    /// <summary>Gets the events of all packages, in the order of their ids.</summary>
    internal static IReadOnlyList<LogEvent> All { get; } =
    [
        .. Packages
            .SelectMany(static package => Directory.EnumerateFiles(Repository.PathOf("src", package), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static file => Event().Matches(File.ReadAllText(file)))
            .Select(static match => new LogEvent(
                int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["level"].Value, match.Groups["name"].Value, match.Groups["parameters"].Value))
            .OrderBy(static one => one.Id),
    ];

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(?<id>\d+),(?: LogLevel\.(?<level>\w+),)?[^\n]*\]\s+internal static partial void (?<name>\w+)\((?<parameters>[^)]*)\)")]
    private static partial Regex Event();
}
