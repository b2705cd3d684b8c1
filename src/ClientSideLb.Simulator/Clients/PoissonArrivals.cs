namespace ClientSideLb.Simulator;

/// <summary>Requests that come independently of each other and of the answers, as those of many people do.</summary>
public sealed record PoissonArrivals : Arrivals
{
    /// <summary>Gets how many requests a second come on average, from all clients together.</summary>
    /// <value>Above 0; the default value is 1000.</value>
    public double Rate { get; init; } = 1000;
}
