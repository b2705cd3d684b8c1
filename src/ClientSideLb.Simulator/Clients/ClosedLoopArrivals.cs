namespace ClientSideLb.Simulator;

/// <summary>Workers that wait for the answer to one request before they send the next, as load generators and batch jobs do.</summary>
public sealed record ClosedLoopArrivals : Arrivals
{
    /// <summary>Gets the number of workers of each client.</summary>
    /// <value>From 1 to 1,000,000; the default value is 16.</value>
    public int Workers { get; init; } = 16;

    /// <summary>
    /// Gets the mean time between an answer and the next request. It is exponentially distributed. After a failure a worker waits for at least
    /// a millisecond.
    /// </summary>
    /// <value>At least 0; the default value is 0.</value>
    public TimeSpan ThinkTime { get; init; }
}
