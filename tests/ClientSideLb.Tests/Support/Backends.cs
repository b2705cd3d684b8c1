namespace ClientSideLb.Tests;

/// <summary>Makes endpoints to test with. Their addresses differ in host, and no test connects to them.</summary>
internal static class Backends
{
    internal static Uri AddressOf(int index) => new($"http://10.1.{index / 250}.{(index % 250) + 1}:8080/");

    internal static ClusterEndpoint[] Equal(int count) => Weighted([.. Enumerable.Repeat(1, count)]);

    internal static ClusterEndpoint[] Weighted(params int[] weights) =>
        [.. weights.Select(static (weight, index) => new ClusterEndpoint(AddressOf(index), weight))];

    /// <summary>Makes endpoints that have requests in flight.</summary>
    internal static ClusterEndpoint[] Loaded(int[] weights, int[] inFlight)
    {
        var endpoints = Weighted(weights);
        Load(endpoints, inFlight);
        return endpoints;
    }

    internal static void Load(IReadOnlyList<ClusterEndpoint> endpoints, int[] inFlight)
    {
        for (var i = 0; i < inFlight.Length; i++)
        {
            for (var request = 0; request < inFlight[i]; request++)
            {
                endpoints[i].AddInFlight();
            }
        }
    }

    internal static ClusterEndpoint At(string address, int weight = 1) => new(new Uri(address), weight);

    internal static EndpointDescription Described(string address, int weight = 1) => new(new EndpointAddress(new Uri(address)), weight);

    /// <summary>Makes a set in which every endpoint is available.</summary>
    internal static EndpointSet SetOf(ClusterEndpoint[] endpoints, int seed = 1) => new(endpoints, endpoints, new SeededRandom(seed));

    /// <summary>Makes a set in which some endpoints are out, with settings for a ring.</summary>
    internal static EndpointSet SetOf(
        ClusterEndpoint[] all, ClusterEndpoint[] available, RingSettings? ring = null, EndpointPicker? previous = null, int seed = 1) =>
        SetOf(all, available, StrategySettings.Default with { Ring = ring ?? RingSettings.Default }, previous, seed);

    /// <summary>Makes a set in which some endpoints are out, with settings for the strategies.</summary>
    internal static EndpointSet SetOf(
        ClusterEndpoint[] all, ClusterEndpoint[] available, StrategySettings settings, EndpointPicker? previous = null, int seed = 1) =>
        new(all, available, new SeededRandom(seed), settings, previous);
}
