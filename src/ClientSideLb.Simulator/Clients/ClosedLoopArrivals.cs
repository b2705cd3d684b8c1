namespace ClientSideLb.Simulator;

/// <summary>Workers that wait for the answer to one request before they send the next, as load generators and batch jobs do.</summary>
public sealed record ClosedLoopArrivals : Arrivals
{
    /// <summary>Gets how many workers each client has.</summary>
    /// <value>At least 1; the default value is 16.</value>
    public int Workers { get; init; } = 16;

    /// <summary>Gets the mean of the exponentially distributed time between an answer and the next request.</summary>
    /// <value>At least 0; the default value is 0. After a failure it is a millisecond at least.</value>
    public TimeSpan ThinkTime { get; init; }
}
