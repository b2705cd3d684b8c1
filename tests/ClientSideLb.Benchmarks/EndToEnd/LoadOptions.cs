using System.Globalization;

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
        var options = defaults;
        string[] names = ["--rounds", "--seconds", "--concurrency", .. defaults.Cases.Count == 0 ? [] : new[] { "--case" }];
        var seen = new HashSet<string>();
        for (var i = 0; i < args.Count; i++)
        {
            // Both "--rounds 5" and "--rounds=5".
            var parts = args[i].Split('=', 2);
            var name = parts[0];
            if (!names.Contains(name))
            {
                throw new UsageException($"'{args[i]}' is not an option; expected {string.Join(", ", names[..^1])} or {names[^1]}.");
            }

            if (!seen.Add(name))
            {
                throw new UsageException($"{name} is given twice; expected once.");
            }

            if (parts.Length == 1 && i + 1 == args.Count)
            {
                throw new UsageException($"{name} needs a value.");
            }

            var value = parts.Length == 2 ? parts[1] : args[++i];
            options = name switch
            {
                "--rounds" => options with { Rounds = ReadNumber(name, value, MaxRounds) },
                "--seconds" => options with { Turn = ReadSeconds(name, value) },
                "--case" => options with { Cases = [.. value.Split(',').Select(part => ReadCase(name, part, defaults.Cases))] },
                _ => options with { Concurrency = [.. value.Split(',').Select(part => ReadNumber(name, part, MaxConcurrency))] },
            };
        }

        return options;
    }

    private static int ReadNumber(string name, string value, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw new UsageException($"{name} is '{value}'; expected a whole number from 1 to {max}.");

    private static string ReadCase(string name, string value, IReadOnlyList<string> all) =>
        all.Contains(value) ? value : throw new UsageException($"{name} is '{value}'; expected one or several of {string.Join(",", all)}.");

    private static TimeSpan ReadSeconds(string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= MinSeconds and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}'; expected a number from {MinSeconds} to {MaxSeconds}."));
}
