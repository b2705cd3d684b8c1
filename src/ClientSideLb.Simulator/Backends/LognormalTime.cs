using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>A lognormally distributed service time. Most measured latencies of services look like it.</summary>
public sealed record LognormalTime : ServiceTime
{
    /// <summary>Gets the mean of the distribution.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Gets the standard deviation of the logarithm.</summary>
    /// <value>From 0 to 4; the default value is 1. With 1, one request in a hundred takes about six times the mean or more.</value>
    public double Sigma { get; init; } = 1;

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) =>
        Nanoseconds.Of(Mean) * ExactMath.Exp((Sigma * DrawNormal(random)) - (Sigma * Sigma / 2));

    // G. Marsaglia's polar method, which needs no sine. It gives two numbers; the second is discarded, so that a draw leaves no state behind.
    private static double DrawNormal(SeededRandom random)
    {
        while (true)
        {
            var x = (2 * random.NextDouble()) - 1;
            var y = (2 * random.NextDouble()) - 1;
            var square = (x * x) + (y * y);
            if (square is > 0 and < 1)
            {
                return x * Math.Sqrt(-2 * ExactMath.Log(square) / square);
            }
        }
    }
}
