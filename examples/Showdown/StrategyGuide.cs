using ClientSideLb;

namespace Showdown;

/// <summary>Texts that explain each strategy and the summary.</summary>
internal static class StrategyGuide
{
    private static readonly (string Name, string Text)[] Guide =
    [
        (LoadBalancingStrategies.RoundRobin, "Every backend in turn. All get the same, the slow one too."),
        (LoadBalancingStrategies.WeightedRoundRobin, "Every backend in proportion to its weight, in smooth rotation."),
        (LoadBalancingStrategies.Random, "A random backend, in proportion to its weight. Nearly the same, apart from chance."),
        (LoadBalancingStrategies.LeastConnections, "The backend with the fewest requests in flight for its weight. The slow one gets less."),
        (LoadBalancingStrategies.PowerOfTwoChoices, "The less loaded of two random backends: nearly as good, at any number of them."),
        (LoadBalancingStrategies.PeakEwma, "The better of two random backends by how fast they answer and how busy they are. The slow one gets little."),
        (LoadBalancingStrategies.IpHash, "The backend that the caller's IP address hashes to. A caller stays where it is."),
        (LoadBalancingStrategies.ConsistentHash, "The backend that owns the request's key on a hash ring, by weight. A key stays where it is."),
        (LoadBalancingStrategies.Maglev, "The backend that owns the request's key in a table, by weight. The shares are more even than on a ring."),
    ];

    internal static IReadOnlyList<string> Names { get; } = [.. Guide.Select(static entry => entry.Name)];

    internal static string Describe(string strategy) => Guide.Single(entry => entry.Name == strategy).Text;

    /// <summary>Returns whether a strategy sends the same key to the same backend.</summary>
    internal static bool IsHashing(string strategy) =>
        strategy is LoadBalancingStrategies.IpHash or LoadBalancingStrategies.ConsistentHash or LoadBalancingStrategies.Maglev;

    /// <summary>Explains the summary, one sentence or two for each line.</summary>
    internal static IEnumerable<string> ExplainSummary(IReadOnlyList<RunResult> results, ShowdownOptions options)
    {
        var strategies = results.Select(static result => result.Strategy).ToHashSet();
        if (options.Outage is { } outage)
        {
            yield return $"Backend {outage} was out for about a third of each run, and so has a smaller share. {DescribeOutage(results, options.OutageKind)}";
        }

        if (strategies.Overlaps([LoadBalancingStrategies.LeastConnections, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma]))
        {
            yield return $"Backend {BackendGroup.SlowNumber} is slow. LeastConnections, PowerOfTwoChoices and PeakEwma notice that requests stay there longer, and send it less.";
        }

        KeyMoves[] moves = [.. results.Select(static result => result.KeyMoves).OfType<KeyMoves>()];
        if (moves.Length > 0)
        {
            yield return $"Keys that went to another backend while backend {options.Outage} was out: {moves.Sum(static one => one.Moved)}. "
                + $"{moves.Sum(static one => one.OfBackendOut)} of them were its own, and {moves.Sum(static one => one.CameBack)} came back.";
        }

        if (strategies.Overlaps([LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.IpHash]))
        {
            yield return "RoundRobin and IpHash do not look at weights; the others do.";
        }
    }

    private static string DescribeOutage(IReadOnlyList<RunResult> results, OutageKind kind)
    {
        var how = kind == OutageKind.Kill
            ? "It was killed without a warning, and requests that it left unanswered moved to another backend"
            : "Its requests were finished before it was stopped";
        return $"{how}: {Wording.FormatCount(results.Sum(static result => result.Moved), "move")}, {Wording.FormatCount(results.Sum(static result => result.Failures), "failure")}.";
    }
}
