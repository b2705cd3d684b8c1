using System.Globalization;

namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>Fails where the library has become slower, or allocates more, than it has promised to.</summary>
internal static class GuardCommand
{
    internal const string Name = "guard";

    internal static int Run()
    {
        var broken = 0;
        foreach (var bound in AllocationBounds.All.Concat(RatioBounds.All))
        {
            var figure = bound.Measure();
            if (figure > bound.Limit)
            {
                // The machine may have been busy with something else. What has become slower is so the second time, too.
                figure = Math.Min(figure, bound.Measure());
            }

            var isBroken = figure > bound.Limit;
            broken += isBroken ? 1 : 0;
            Console.WriteLine(Line(bound, figure, isBroken));
        }

        Console.WriteLine(broken == 0 ? "All bounds hold." : string.Create(CultureInfo.InvariantCulture, $"{broken} of the bounds do not hold."));
        return broken == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static string Line(Bound bound, double figure, bool isBroken) => isBroken
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"FAIL  {bound.What}: {figure:0.###}, which is {figure - bound.Limit:0.###} more than {bound.Limit:0.###}. {bound.Remedy}")
        : string.Create(CultureInfo.InvariantCulture, $"ok    {bound.What}: {figure:0.###}, at most {bound.Limit:0.###}");
}
