namespace ClientSideLb.Simulator;

/// <summary>Pareto distributed: most requests are short, and a few take so long that they matter.</summary>
public sealed record ParetoTime : ServiceTime
{
    /// <summary>Gets the mean.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Gets how fast the tail falls off: the smaller, the longer.</summary>
    /// <value>Above 1, up to 100; the default value is 2.</value>
    public double Shape { get; init; } = 2;

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) =>
        Nanoseconds.Of(Mean) * (Shape - 1) / Shape * ExactMath.Exp(-ExactMath.Log(random.NextPositive()) / Shape);
}
