using System.Globalization;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>Makes pickers as a cluster makes them.</summary>
internal static class Pickers
{
    // Every endpoint is at work: with idle ones among them, whoever looks for the least loaded could stop early.
    private const int LeastInFlight = 1;
    private const int MostInFlight = 8;

    internal static EndpointPicker Create(string strategy, int count, Random random)
    {
        var endpoints = Endpoints(count);
        foreach (var endpoint in endpoints)
        {
            for (var i = random.Next(LeastInFlight, MostInFlight); i > 0; i--)
            {
                endpoint.AddInFlight();
            }
        }

        return StrategyOf(strategy).CreatePicker(new EndpointSet(endpoints, endpoints, random));
    }

    internal static ILoadBalancingStrategy StrategyOf(string name) => name switch
    {
        LoadBalancingStrategies.RoundRobin => new RoundRobinStrategy(),
        LoadBalancingStrategies.WeightedRoundRobin => new WeightedRoundRobinStrategy(),
        LoadBalancingStrategies.Random => new RandomStrategy(),
        LoadBalancingStrategies.PowerOfTwoChoices => new PowerOfTwoChoicesStrategy(),
        LoadBalancingStrategies.LeastConnections => new LeastConnectionsStrategy(),
        LoadBalancingStrategies.IpHash => new IpHashStrategy(),
        LoadBalancingStrategies.ConsistentHash => new ConsistentHashStrategy(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no strategy."),
    };

    internal static ClusterEndpoint[] Endpoints(int count) =>
    [
        .. Enumerable.Range(0, count).Select(static i => new ClusterEndpoint(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8080/")))),
    ];
}
