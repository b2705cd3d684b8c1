namespace ClientSideLb.Simulator;

/// <summary>A Poisson process: requests come independently of each other and of the answers, as the requests of many people do.</summary>
public sealed record PoissonArrivals : Arrivals
{
    /// <summary>Gets the mean number of requests per second, from all clients together.</summary>
    /// <value>Above 0; the default value is 1000.</value>
    public double Rate { get; init; } = 1000;
}
