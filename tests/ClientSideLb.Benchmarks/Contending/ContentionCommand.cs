using ClientSideLb.Benchmarks.EndToEnd;
using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>What several threads at one cluster cost each other: in picks, in picks with a lease, in whole requests, and in the pieces of a request's way.</summary>
internal static class ContentionCommand
{
    internal const string Name = "contention";

    internal static int Run(string[] args)
    {
        try
        {
            var options = ContentionOptions.Parse(args);
            Console.WriteLine(RunHeader.Describe(Peer.Yarp));
            Console.WriteLine();
            Console.WriteLine($"{options.Endpoints} endpoints; medians of {options.Rounds} rounds of {options.Turn.TotalSeconds} s each, ± holds the true ratio 95 times of 100.");

            using var progress = new ConsoleProgress();
            new ContentionTables(options, Console.Out, progress).Write();
            return ExitCodes.Success;
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.BadArguments;
        }
    }
}
