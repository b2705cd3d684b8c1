using System.Globalization;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Changing;

/// <summary>Prints what changes of a cluster take, as a table in Markdown.</summary>
internal static class ChangeTable
{
    private const int Rounds = 15;

    // So many different things are measured that each gets less of a warm-up; and most of the code is the same for all.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(250);
    private static readonly int[] Sizes = [10, 1000, 10_000];

    internal static void Print(TextWriter output)
    {
        output.WriteLine("| strategy | endpoints | health flip | ejection by a request | membership change | memory per endpoint |");
        output.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (var strategy in Clusters.Strategies)
        {
            foreach (var size in Sizes)
            {
                var memory = ClusterMemory.PerEndpoint(strategy, size);
                using var contenders = new ChangeContenders();
                var figures = Comparison.Measure([.. Enum.GetValues<Change>().Select(change => contenders.Create(strategy, size, change))], Rounds, WarmUp);
                var cells = string.Join(" | ", figures.Select(Cell));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {strategy} | {size:N0} | {cells} | {memory:N0} B |"));
            }
        }
    }

    private static string Cell(Figure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Nanoseconds / ChangingCluster.Changes / 1000:#,0.0} µs, {figure.Bytes / ChangingCluster.Changes:N0} B");
}
