namespace ClientSideLb;

/// <summary>The names of the built-in strategies, for use in code and in configuration. Case does not matter.</summary>
public static class LoadBalancingStrategies
{
    /// <summary>Picks each endpoint in turn, regardless of its weight.</summary>
    public const string RoundRobin = "RoundRobin";

    /// <summary>Picks each endpoint in exact proportion to its weight, with its turns spread evenly over the cycle.</summary>
    public const string WeightedRoundRobin = "WeightedRoundRobin";

    /// <summary>Picks a random endpoint, in proportion to the weights.</summary>
    public const string Random = "Random";

    /// <summary>Picks the endpoint with the fewest requests in flight for its weight.</summary>
    public const string LeastConnections = "LeastConnections";

    /// <summary>Picks the endpoint that the caller's IP address hashes to.</summary>
    public const string IpHash = "IpHash";

    /// <summary>Picks the endpoint that owns the request's hash key on a consistent-hash ring.</summary>
    public const string ConsistentHash = "ConsistentHash";

    /// <summary>Picks the endpoint that owns the request's hash key in a Maglev table, which shares out keys more evenly than a ring and looks them up faster.</summary>
    public const string Maglev = "Maglev";

    /// <summary>Draws two distinct endpoints at random and picks the less loaded one. This is the default.</summary>
    public const string PowerOfTwoChoices = "PowerOfTwoChoices";

    /// <summary>
    /// Draws two distinct endpoints at random and picks the one with the lower estimate of latency × (in-flight + 1) ÷ weight. A failed
    /// attempt counts as a long one.
    /// </summary>
    public const string PeakEwma = "PeakEwma";
}
