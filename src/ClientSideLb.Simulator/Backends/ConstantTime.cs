using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>A service time that is the same for every request.</summary>
public sealed record ConstantTime : ServiceTime
{
    /// <summary>Gets the time.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) => Nanoseconds.Of(Mean);
}
