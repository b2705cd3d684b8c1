using ClientSideLb.Benchmarks.Reporting;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Changing;

/// <summary>What it takes to rebuild a cluster of each strategy and size when something has changed, and what its endpoints keep in memory.</summary>
internal static class ChangeCommand
{
    internal const string Name = "change";

    private const int Rounds = 15;
    private const int ManyLevels = 20;

    private static readonly int[] Endpoints = [10, 1_000, 10_000];

    // So many different things are measured that each gets less of a warm-up; and most of the code is the same for all.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(250);

    internal static int Run()
    {
        Console.WriteLine(RunHeader.Describe());
        Console.WriteLine();
        var table = new MarkdownTable("µs, and bytes allocated", "endpoints", "health flip", "", "ejection by a request", "", "membership change", "", "bytes kept an endpoint");

        // The first to be measured would meet code that the compiler has yet to finish with.
        Measure(LoadBalancingStrategies.RoundRobin, Endpoints[0]);
        foreach (var strategy in Strategies.Names)
        {
            foreach (var endpoints in Endpoints)
            {
                var memory = ClusterMemory.PerEndpoint(strategy, endpoints);
                table.Add([strategy, $"{endpoints:N0}", .. Measure(strategy, endpoints).SelectMany(Cells), $"{memory:N0}"]);
            }
        }

        table.WriteTo(Console.Out);
        WriteLevels();
        return ExitCodes.Success;
    }

    // The largest cluster, in one level and in many.
    private static void WriteLevels()
    {
        var table = new MarkdownTable(
            $"health flip of {Endpoints[^1]:N0} endpoints, µs, and bytes allocated", "one level", "", $"{ManyLevels} levels", "", "times");
        foreach (var strategy in Strategies.Names)
        {
            using var contenders = new ChangeContenders();
            int[] levels = [1, ManyLevels];
            var figures = Comparison.Measure(
                [.. levels.Select(count => contenders.Create(strategy, Endpoints[^1], Change.HealthFlip, count))], Rounds, WarmUp);
            table.Add([strategy, .. figures.SelectMany(Cells), $"{figures[1].Nanoseconds / figures[0].Nanoseconds:0.00}"]);
        }

        Console.WriteLine();
        table.WriteTo(Console.Out);
    }

    private static Figure[] Measure(string strategy, int endpoints)
    {
        using var contenders = new ChangeContenders();
        return Comparison.Measure([.. Enum.GetValues<Change>().Select(change => contenders.Create(strategy, endpoints, change))], Rounds, WarmUp);
    }

    private static IEnumerable<string> Cells(Figure figure) =>
    [
        $"{figure.Nanoseconds / ChangingCluster.Changes / 1000:#,0.0}",
        $"{figure.Bytes / ChangingCluster.Changes:N0}",
    ];
}
