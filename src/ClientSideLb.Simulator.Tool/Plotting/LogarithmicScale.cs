namespace ClientSideLb.Simulator.Tool;

/// <summary>Creates logarithmic scales, which begin and end at round values.</summary>
internal static class LogarithmicScale
{
    // On a shorter axis, noise would look like a difference.
    private const double LeastFactor = 3;

    // A shorter axis than this begins and ends at more of the round values, so that less of it is empty.
    private const double ShortFactor = 5;

    private static readonly double[] Every = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    private static readonly double[] Some = [1, 2, 5];
    private static readonly double[] First = [1];

    /// <summary>Creates a scale that holds two values and all between them.</summary>
    /// <param name="smallest">The smallest value, above 0.</param>
    /// <param name="largest">The largest value.</param>
    /// <param name="format">Makes the text of a tick from its value.</param>
    /// <remarks>The shorter the axis, the more of the ticks have labels, so that several have even if the values hardly differ.</remarks>
    internal static Scale Create(double smallest, double largest, Func<double, string> format)
    {
        var missing = Math.Sqrt(Math.Max(1, LeastFactor / (largest / smallest)));
        var ends = largest / smallest < ShortFactor ? Every : Some;
        var (from, to) = (RoundDown(smallest / missing, ends), RoundUp(largest * missing, ends));
        var labelled = Math.Log10(to / from) switch
        {
            < 1 => Every,
            < 3 => Some,
            _ => First,
        };
        var ticks = new List<Tick>();
        for (var exponent = GetExponent(from); exponent <= GetExponent(to); exponent++)
        {
            foreach (var factor in Every)
            {
                var value = GetValue(factor, exponent);
                if (value >= from && value <= to)
                {
                    ticks.Add(new Tick(value, labelled.Contains(factor) ? format(value) : null));
                }
            }
        }

        return new Scale(from, to, IsLogarithmic: true, ticks);
    }

    private static double RoundDown(double value, double[] factors) => factors.Select(factor => GetValue(factor, GetExponent(value))).Last(round => round <= value);

    private static double RoundUp(double value, double[] factors) =>
        factors.Append(10).Select(factor => GetValue(factor, GetExponent(value))).First(round => round >= value);

    // The logarithm of a power of ten may be a little below a whole number.
    private static int GetExponent(double value)
    {
        var exponent = (int)Math.Floor(Math.Log10(value));
        return GetValue(1, exponent + 1) <= value ? exponent + 1 : GetValue(1, exponent) > value ? exponent - 1 : exponent;
    }

    // Powers of ten below 1 are no exact numbers. This is the number that is nearest to the decimal one, so that equal values are equal.
    private static double GetValue(double factor, int exponent) => exponent < 0 ? factor / Math.Pow(10, -exponent) : factor * Math.Pow(10, exponent);
}
