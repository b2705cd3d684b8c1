using System.Globalization;

namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>Fails where the library has become slower, or allocates more, than it has promised to.</summary>
internal static class Guard
{
    /// <summary>Measures all that is bounded, and says what is past its bound.</summary>
    /// <param name="bounds">The bounds.</param>
    /// <param name="output">Where the figures go.</param>
    /// <returns>The exit code of the process: 0 where all bounds hold.</returns>
    internal static int Run(IEnumerable<Bound> bounds, TextWriter output)
    {
        var broken = 0;
        foreach (var bound in bounds)
        {
            var figure = bound.Measure();
            if (figure > bound.Limit)
            {
                // The machine may have been busy with something else. What has become slower is so the second time, too.
                figure = Math.Min(figure, bound.Measure());
            }

            var isBroken = figure > bound.Limit;
            broken += isBroken ? 1 : 0;
            output.WriteLine(Line(bound, figure, isBroken));
        }

        output.WriteLine(broken == 0 ? "All bounds hold." : string.Create(CultureInfo.InvariantCulture, $"{broken} of the bounds do not hold."));
        return broken == 0 ? 0 : 1;
    }

    private static string Line(Bound bound, double figure, bool isBroken) => isBroken
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"FAIL  {bound.What}: {figure:0.###}, which is {figure - bound.Limit:0.###} more than {bound.Limit:0.###}. {bound.Remedy}")
        : string.Create(CultureInfo.InvariantCulture, $"ok    {bound.What}: {figure:0.###}, at most {bound.Limit:0.###}");
}
