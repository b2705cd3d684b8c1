using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>A service time that is drawn from a list of measured times. Each of them is equally likely.</summary>
public sealed record MeasuredTime : ServiceTime
{
    /// <summary>Gets the measured times in milliseconds.</summary>
    /// <value>At least one time, all above 0. The default value is an empty list, for a scenario's file that sets <see cref="File"/>.</value>
    public IReadOnlyList<double> Milliseconds { get; init; } = [];

    /// <summary>Gets the path of a file with one time in milliseconds on each line, relative to the folder of the scenario's file.</summary>
    /// <value>The default value is <see langword="null"/>. A scenario that is made in code sets <see cref="Milliseconds"/> instead.</value>
    public string? File { get; init; }

    internal override double MeanSeconds => Milliseconds.Average() / 1000;

    internal override double Draw(SeededRandom random) => Milliseconds[random.Next(Milliseconds.Count)] * Nanoseconds.PerMillisecond;
}
