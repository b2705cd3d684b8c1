namespace ClientSideLb.Simulator.Tool;

/// <summary>Creates scales from 0 on, with ticks at round values.</summary>
internal static class LinearScale
{
    private const int MostTicks = 8;

    // A line at the top of its plot would be hard to see.
    private const double Headroom = 1.02;

    private static readonly double[] TimeSteps = [1, 2, 5, 10, 20, 30, 60];

    /// <summary>Creates a scale from 0 to the next round value above the largest one.</summary>
    /// <param name="largest">The largest value. If it is 0, the scale ends at 1.</param>
    /// <param name="format">Makes the text of a tick from its value.</param>
    /// <param name="most">The most that there can be, beyond which the scale does not go.</param>
    internal static Scale Create(double largest, Func<double, string> format, double most = double.MaxValue)
    {
        var range = largest > 0 ? Math.Min(most, largest * Headroom) : 1;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(range / MostTicks)));
        var step = magnitude * ((double[])[1, 2, 5, 10]).First(factor => range / (factor * magnitude) <= MostTicks);
        var count = (int)Math.Ceiling(range / step);
        return new Scale(0, count * step, IsLogarithmic: false, [.. Enumerable.Range(0, count + 1).Select(i => new Tick(i * step, format(i * step)))]);
    }

    /// <summary>Creates a scale for the time of a run, in seconds, that ends with the run.</summary>
    internal static Scale CreateTime(TimeSpan end)
    {
        var (unit, name) = end.TotalSeconds switch
        {
            <= 180 => (1, "s"),
            <= 10_800 => (60, "min"),
            _ => (3600, "h"),
        };
        var range = end.TotalSeconds / unit;
        var step = range < 2 ? 0.2 : TimeSteps.First(step => range / step <= MostTicks);

        // The slices of a run may end a little before it.
        var count = (int)Math.Floor((range / step) + 0.001);
        return new Scale(0, end.TotalSeconds, IsLogarithmic: false, [.. Enumerable.Range(0, count + 1).Select(i => new Tick(i * step * unit, $"{Units.Format(i * step)} {name}"))]);
    }

    /// <summary>Creates a scale for numbers from 0 to below a count, with a half unit of room on both sides.</summary>
    internal static Scale CreateNumbers(int count, int mostTicks)
    {
        var step = 1;
        for (var i = 0; (count - 1) / step >= mostTicks; i++)
        {
            step = (i % 3) switch
            {
                1 => step / 2 * 5,
                _ => step * 2,
            };
        }

        return new Scale(
            -0.5, count - 0.5, IsLogarithmic: false, [.. Enumerable.Range(0, ((count - 1) / step) + 1).Select(i => new Tick(i * step, Units.Format(i * step)))]);
    }
}
