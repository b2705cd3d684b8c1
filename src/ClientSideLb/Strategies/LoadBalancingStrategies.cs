namespace ClientSideLb;

/// <summary>The names of the built-in strategies, as they stand in configuration. Case does not matter there.</summary>
public static class LoadBalancingStrategies
{
    /// <summary>Every endpoint in turn, whatever its weight.</summary>
    public const string RoundRobin = "RoundRobin";

    /// <summary>Every endpoint in exact proportion to its weight, spread smoothly over the cycle.</summary>
    public const string WeightedRoundRobin = "WeightedRoundRobin";

    /// <summary>A random endpoint, in proportion to its weight.</summary>
    public const string Random = "Random";

    /// <summary>The endpoint with the fewest requests in flight for its weight.</summary>
    public const string LeastConnections = "LeastConnections";

    /// <summary>The endpoint that the caller's IP address hashes to.</summary>
    public const string IpHash = "IpHash";

    /// <summary>The endpoint that owns the request's hash key on a consistent-hash ring.</summary>
    public const string ConsistentHash = "ConsistentHash";

    /// <summary>The less loaded of two distinct endpoints drawn at random. This is the default.</summary>
    public const string PowerOfTwoChoices = "PowerOfTwoChoices";
}
