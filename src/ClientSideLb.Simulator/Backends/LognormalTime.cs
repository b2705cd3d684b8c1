namespace ClientSideLb.Simulator;

/// <summary>Lognormally distributed: what measured latencies of services mostly look like.</summary>
public sealed record LognormalTime : ServiceTime
{
    /// <summary>Gets the mean.</summary>
    /// <value>Above 0; the default value is 10 ms.</value>
    public TimeSpan Mean { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Gets the standard deviation of the logarithm.</summary>
    /// <value>From 0 to 4; the default value is 1, where one request in a hundred takes about six times the mean.</value>
    public double Sigma { get; init; } = 1;

    internal override double MeanSeconds => Mean.TotalSeconds;

    internal override double Draw(SeededRandom random) =>
        Nanoseconds.Of(Mean) * ExactMath.Exp((Sigma * Normal(random)) - (Sigma * Sigma / 2));

    // G. Marsaglia's polar method, which needs no sine. The second number is thrown away, so that no state is left between draws.
    private static double Normal(SeededRandom random)
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
