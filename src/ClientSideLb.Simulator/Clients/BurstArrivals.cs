namespace ClientSideLb.Simulator;

/// <summary>A Poisson process with bursts, in which the rate is higher. Timers of many clients that fire together cause such bursts.</summary>
public sealed record BurstArrivals : Arrivals
{
    /// <summary>Gets the number of requests per second between bursts, from all clients together.</summary>
    /// <value>Above 0; the default value is 500.</value>
    public double Rate { get; init; } = 500;

    /// <summary>Gets the factor by which the rate is higher in a burst.</summary>
    /// <value>Above 0; the default value is 5.</value>
    public double Factor { get; init; } = 5;

    /// <summary>Gets the time from the start of one burst to the start of the next. The first burst starts after the same time.</summary>
    /// <value>Above <see cref="Length"/>; the default value is 10 seconds.</value>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the length of a burst.</summary>
    /// <value>Above 0; the default value is 1 second.</value>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(1);
}
