using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>An exponentially distributed service time. Queueing theory assumes it, and it fits a mix of many kinds of requests.</summary>
public sealed record ExponentialTime : ServiceTime
{
    /// <summary>Gets the mean of the distribution.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) => -ExactMath.Log(random.NextPositive()) * Nanoseconds.Of(Mean);
}
