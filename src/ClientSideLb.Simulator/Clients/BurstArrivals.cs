namespace ClientSideLb.Simulator;

/// <summary>A Poisson process whose rate goes up for a while again and again, as when timers of many clients fire together.</summary>
public sealed record BurstArrivals : Arrivals
{
    /// <summary>Gets how many requests a second come between bursts, from all clients together.</summary>
    /// <value>Above 0; the default value is 500.</value>
    public double Rate { get; init; } = 500;

    /// <summary>Gets how many times that come in a burst.</summary>
    /// <value>Above 0; the default value is 5.</value>
    public double Factor { get; init; } = 5;

    /// <summary>Gets the time from the beginning of one burst to that of the next. The first one begins after one such time.</summary>
    /// <value>Above <see cref="Length"/>; the default value is 10 seconds.</value>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long a burst lasts.</summary>
    /// <value>Above 0; the default value is a second.</value>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(1);
}
