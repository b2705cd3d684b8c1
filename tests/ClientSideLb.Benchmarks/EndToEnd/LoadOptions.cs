namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How many turns each way of sending gets.</param>
/// <param name="Turn">How long a turn is.</param>
/// <param name="Concurrency">How many requests are under way at once: one table for each number.</param>
/// <param name="Cases">Which cases are measured, by name; empty where a command has no cases.</param>
internal sealed record LoadOptions(int Rounds, TimeSpan Turn, IReadOnlyList<int> Concurrency, IReadOnlyList<string> Cases)
{
    private const int MaxRounds = 10_000;
    private const double MinSeconds = 0.05;
    private const double MaxSeconds = 60;
    private const int MaxConcurrency = 1024;

    /// <summary>Reads options over defaults. The cases of the defaults are all that there are.</summary>
    /// <exception cref="UsageException">They are wrong.</exception>
    internal static LoadOptions Parse(IReadOnlyList<string> args, LoadOptions defaults)
    {
        string[] names = ["--rounds", "--seconds", "--concurrency", .. defaults.Cases.Count == 0 ? [] : new[] { "--case" }];
        return Arguments.Read(args, names).Aggregate(defaults, (options, option) => option.Name switch
        {
            "--rounds" => options with { Rounds = Arguments.ReadNumber(option.Name, option.Value, MaxRounds) },
            "--seconds" => options with { Turn = Arguments.ReadSeconds(option.Name, option.Value, MinSeconds, MaxSeconds) },
            "--case" => options with { Cases = Arguments.ReadWords(option.Name, option.Value, defaults.Cases) },
            _ => options with { Concurrency = Arguments.ReadNumbers(option.Name, option.Value, MaxConcurrency) },
        });
    }
}
