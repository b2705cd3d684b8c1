namespace ClientSideLb.Simulator;

/// <summary>Exponentially distributed: what queueing theory is about, and a fair guess for requests of many kinds.</summary>
public sealed record ExponentialTime : ServiceTime
{
    /// <summary>Gets the mean.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) => -ExactMath.Log(random.NextPositive()) * Nanoseconds.Of(Mean);
}
