namespace ClientSideLb.Simulator;

/// <summary>The keys of requests and their popularity. The k-th key is requested in proportion to 1 ÷ k^<see cref="Skew"/> (Zipf's law).</summary>
public sealed record KeyPopularity
{
    /// <summary>Gets the number of keys. Each key also stands for a caller with its own IP address.</summary>
    /// <value>From 1 to 10,000,000; the default value is 10,000.</value>
    public int Count { get; init; } = 10_000;

    /// <summary>Gets the exponent of the popularity. The higher it is, the more requests have one of the first keys.</summary>
    /// <value>From 0 (all keys are equally popular) to 10; the default value is 0. Caches on the web see about 1.</value>
    public double Skew { get; init; }
}
