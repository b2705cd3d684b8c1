namespace ClientSideLb.Simulator;

/// <summary>The keys of requests, and how often each is asked for: the k-th most popular in proportion to 1 ÷ k^<see cref="Skew"/> (Zipf's law).</summary>
public sealed record KeyPopularity
{
    /// <summary>Gets how many keys there are. Each stands for a caller with an IP address of its own, too.</summary>
    /// <value>From 1 to 10,000,000; the default value is 10,000.</value>
    public int Count { get; init; } = 10_000;

    /// <summary>Gets how much more popular the first keys are.</summary>
    /// <value>From 0 (all alike) to 10; the default value is 0. Around 1 is what caches see on the web.</value>
    public double Skew { get; init; }
}
