using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>A Pareto distributed service time. Most requests are short, and a few are so long that they make up much of the load.</summary>
public sealed record ParetoTime : ServiceTime
{
    /// <summary>Gets the mean of the distribution.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Gets the shape of the distribution. The smaller it is, the longer are the longest times.</summary>
    /// <value>Above 1, up to 100; the default value is 2.</value>
    public double Shape { get; init; } = 2;

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) =>
        Nanoseconds.Of(Mean) * (Shape - 1) / Shape * ExactMath.Exp(-ExactMath.Log(random.NextPositive()) / Shape);
}
