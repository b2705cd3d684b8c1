using System.Globalization;
using ScottPlot.TickGenerators;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Ticks for an axis that shows decimal logarithms. ScottPlot has no logarithmic axis.</summary>
internal static class LogarithmicTicks
{
    private static readonly double[] Every = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    private static readonly double[] Some = [1, 2, 5];
    private static readonly double[] First = [1];

    /// <summary>Creates the ticks. The shorter the axis, the more of them have labels, so that several have even if the values hardly differ.</summary>
    /// <param name="from">The logarithm at which the axis begins.</param>
    /// <param name="to">The logarithm at which it ends.</param>
    internal static NumericManual Create(double from, double to)
    {
        var labelled = (to - from) switch
        {
            < 1 => Every,
            < 2.5 => Some,
            _ => First,
        };
        var ticks = new NumericManual();
        for (var exponent = (int)Math.Floor(from); exponent <= to; exponent++)
        {
            foreach (var factor in Every)
            {
                var position = exponent + Math.Log10(factor);
                if (position < from || position > to)
                {
                    continue;
                }

                if (labelled.Contains(factor))
                {
                    ticks.AddMajor(position, (factor * Math.Pow(10, exponent)).ToString("0.#######", CultureInfo.InvariantCulture));
                }
                else
                {
                    ticks.AddMinor(position);
                }
            }
        }

        return ticks;
    }
}
