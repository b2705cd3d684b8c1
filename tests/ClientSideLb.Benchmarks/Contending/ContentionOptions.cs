namespace ClientSideLb.Benchmarks.Contending;

/// <summary>How much is measured.</summary>
/// <param name="Threads">The numbers of threads, in ascending order. The first one is 1, which the others are compared with.</param>
/// <param name="Turn">How long a turn is.</param>
/// <param name="Rounds">How many turns each work gets with each number of threads.</param>
/// <param name="Endpoints">How many endpoints a cluster has.</param>
/// <param name="Parts">Which of the tables are made.</param>
internal sealed record ContentionOptions(IReadOnlyList<int> Threads, TimeSpan Turn, int Rounds, int Endpoints, IReadOnlyList<string> Parts)
{
    internal const string Picks = "picks";
    internal const string Leases = "leases";
    internal const string Requests = "requests";
    internal const string Pieces = "pieces";

    private static readonly string[] AllParts = [Picks, Leases, Requests, Pieces];

    private const int MaxThreads = 1024;
    private const double MinSeconds = 0.001;
    private const double MaxSeconds = 10;
    private const int MaxRounds = 10_000;
    private const int MaxEndpoints = 10_000;

    /// <summary>Reads options over defaults.</summary>
    /// <exception cref="UsageException">They are wrong.</exception>
    internal static ContentionOptions Parse(IReadOnlyList<string> args)
    {
        var defaults = new ContentionOptions(UpTo(Environment.ProcessorCount), TimeSpan.FromSeconds(0.004), Rounds: 61, Endpoints: 10, AllParts);
        return Arguments.Read(args, "--threads", "--seconds", "--rounds", "--endpoints", "--parts").Aggregate(defaults, static (options, option) => option.Name switch
        {
            "--threads" => options with { Threads = WithOne(Arguments.ReadNumbers(option.Name, option.Value, MaxThreads)) },
            "--seconds" => options with { Turn = Arguments.ReadSeconds(option.Name, option.Value, MinSeconds, MaxSeconds) },
            "--rounds" => options with { Rounds = Arguments.ReadNumber(option.Name, option.Value, MaxRounds) },
            "--parts" => options with { Parts = Arguments.ReadWords(option.Name, option.Value, AllParts) },
            _ => options with { Endpoints = Arguments.ReadNumber(option.Name, option.Value, MaxEndpoints) },
        });
    }

    // 1, 2, 4 and so on, and all cores.
    private static IReadOnlyList<int> UpTo(int cores) =>
        WithOne(Enumerable.Range(0, 31).Select(static power => 1 << power).TakeWhile(threads => threads < cores).Append(cores));

    private static IReadOnlyList<int> WithOne(IEnumerable<int> threads) => [.. threads.Append(1).Distinct().Order()];
}
