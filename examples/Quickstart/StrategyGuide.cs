using ClientSideLb;

namespace Quickstart;

/// <summary>What each strategy does, and what to look for when it runs.</summary>
internal static class StrategyGuide
{
    private static readonly (string Name, string Text)[] Guide =
    [
        (LoadBalancingStrategies.RoundRobin, "Every backend in turn. All get the same, the slow one too."),
        (LoadBalancingStrategies.WeightedRoundRobin, "Every backend in proportion to its weight, in smooth rotation."),
        (LoadBalancingStrategies.Random, "A random backend, in proportion to its weight. Nearly the same, but for chance."),
        (LoadBalancingStrategies.LeastConnections, "The backend with the fewest requests in flight for its weight. The slow one gets less."),
        (LoadBalancingStrategies.PowerOfTwoChoices, "The less loaded of two random backends: nearly as good, at any number of them."),
        (LoadBalancingStrategies.IpHash, "The backend that the caller's IP address hashes to. A caller stays where it is."),
        (LoadBalancingStrategies.ConsistentHash, "The backend that owns the request's key on a hash ring, by weight. A key stays where it is."),
    ];

    internal static IReadOnlyList<string> Names { get; } = [.. Guide.Select(static entry => entry.Name)];

    internal static string Describe(string strategy) => Guide.Single(entry => entry.Name == strategy).Text;

    /// <summary>Whether a strategy sends the same key to the same backend.</summary>
    internal static bool IsHashing(string strategy) =>
        strategy is LoadBalancingStrategies.IpHash or LoadBalancingStrategies.ConsistentHash;

    /// <summary>Explains the summary.</summary>
    internal static IEnumerable<string> Legend(IReadOnlyList<RunResult> results, QuickstartOptions options)
    {
        var strategies = results.Select(static result => result.Strategy).ToHashSet();
        if (options.Outage is { } outage)
        {
            yield return $"Backend {outage} was offline for a third of each run, and so has a smaller share. Its requests were finished before it was stopped.";
        }

        if (strategies.Overlaps([LoadBalancingStrategies.LeastConnections, LoadBalancingStrategies.PowerOfTwoChoices]))
        {
            yield return $"Backend {BackendGroup.SlowNumber} is slow. LeastConnections and PowerOfTwoChoices notice that requests stay there longer, and send it less.";
        }

        if (strategies.Any(IsHashing) && options.Outage is not null)
        {
            yield return "Keys moved: how many of the keys met another backend during the outage. Only the offline backend's do, and all come back.";
        }

        if (strategies.Overlaps([LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.IpHash]))
        {
            yield return "RoundRobin and IpHash do not look at weights; the others do.";
        }
    }
}
