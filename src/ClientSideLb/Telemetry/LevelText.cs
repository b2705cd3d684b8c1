using System.Globalization;

namespace ClientSideLb.Telemetry;

/// <summary>The words of log lines for the levels of a cluster.</summary>
internal static class LevelText
{
    /// <summary>Names a level by what distinguishes it from the others: its priority, its zone or both.</summary>
    internal static string Name(ClusterLevel level, IReadOnlyList<ClusterLevel> levels)
    {
        var zone = levels.Count(other => other.Priority == level.Priority) == 1 ? null : level.IsLocal ? "the own zone" : "other zones";
        var priority = string.Create(CultureInfo.InvariantCulture, $"priority {level.Priority}");
        return
            zone is null ? priority :
            levels.All(other => other.Priority == level.Priority) ? zone :
            $"{priority} in {zone}";
    }

    /// <summary>Lists the levels that serve anything, with their shares.</summary>
    internal static string DescribeShares(IReadOnlyList<ClusterLevel> levels) => Join(
        [.. levels.Where(static level => level.Share > 0).Select(level => string.Create(CultureInfo.InvariantCulture, $"{Name(level, levels)} ({level.Share * 100:0} %)"))]);

    /// <summary>Says how much is available of each level that leaves requests to the next one.</summary>
    internal static string DescribeAvailability(IReadOnlyList<ClusterLevel> levels)
    {
        var last = levels.Index().Last(static level => level.Item.Share > 0).Index;
        return Join(
            [.. levels.Take(last).Select(level => string.Create(CultureInfo.InvariantCulture, $"{level.Available} of {level.Endpoints.Count} endpoints of {Name(level, levels)}"))]);
    }

    private static string Join(string[] parts) => parts.Length == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
}
