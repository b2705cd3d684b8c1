using ClientSideLb.Benchmarks.Reporting;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>What a pick takes for each strategy and number of endpoints, beside YARP's policies, alone and with all cores at it.</summary>
internal static class PickCommand
{
    internal const string Name = "pick";

    private const int Rounds = 300;
    private const int FewLevels = 3;

    private static readonly int[] Endpoints = [3, 10, 100, 1_000, 10_000];

    internal static int Run()
    {
        Console.WriteLine(RunHeader.Describe(Peer.Yarp));
        Write("one thread, ns", threads: 1);
        Write($"{Environment.ProcessorCount} threads, ns", Environment.ProcessorCount);
        WriteLevels();
        return ExitCodes.Success;
    }

    private static void Write(string title, int threads)
    {
        var table = new MarkdownTable([title, .. Endpoints.Select(static count => $"{count:N0}")]);
        foreach (var strategy in Strategies.Names)
        {
            // Both in one comparison, so that their ratio holds whatever the machine was doing.
            var pairs = Endpoints.Select(count => Comparison.Measure(PickContenders.Of(strategy, count, threads), Rounds)).ToList();
            table.Add([strategy, .. pairs.Select(static pair => Text(pair[0].Nanoseconds))]);
            if (pairs[0].Length > 1)
            {
                table.Add(["YARP's", .. pairs.Select(static pair => Text(pair[1].Nanoseconds))]);
            }
        }

        Console.WriteLine();
        table.WriteTo(Console.Out);
    }

    // Of the endpoints, one of four is available, so that each of the levels serves a part of the requests.
    private static void WriteLevels()
    {
        var table = new MarkdownTable(["one thread, ns", "", .. Endpoints.Where(HasLevels).Select(static count => $"{count:N0}")]);
        foreach (var strategy in Strategies.Names)
        {
            int[] levels = [1, FewLevels];
            var pairs = Endpoints.Where(HasLevels).Select(count => Comparison.Measure([.. levels.Select(levels => PickContenders.InLevels(strategy, count, levels))], Rounds)).ToList();
            table.Add([strategy, "one level", .. pairs.Select(static pair => Text(pair[0].Nanoseconds))]);
            table.Add(["", $"{FewLevels} levels", .. pairs.Select(static pair => Text(pair[1].Nanoseconds))]);
        }

        Console.WriteLine();
        table.WriteTo(Console.Out);
    }

    private static bool HasLevels(int endpoints) => endpoints >= 100;

    private static string Text(double nanoseconds) => nanoseconds < 100 ? $"{nanoseconds:0.0}" : $"{nanoseconds:N0}";
}
