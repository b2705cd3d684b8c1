using System.Globalization;

namespace ClientSideLb.Benchmarks;

/// <summary>Reads the arguments of a command. What is wrong is a <see cref="UsageException"/> that says what is expected.</summary>
internal static class Arguments
{
    /// <summary>Reads options with their values: both "--rounds 5" and "--rounds=5".</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="names">The options that the command has.</param>
    internal static IEnumerable<(string Name, string Value)> Read(IReadOnlyList<string> args, params string[] names)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < args.Count; i++)
        {
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

            yield return (name, parts.Length == 2 ? parts[1] : args[++i]);
        }
    }

    internal static int ReadNumber(string name, string value, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw new UsageException($"{name} is '{value}'; expected a whole number from 1 to {max}.");

    /// <summary>Reads whole numbers with commas between them.</summary>
    internal static IReadOnlyList<int> ReadNumbers(string name, string value, int max) => [.. value.Split(',').Select(part => ReadNumber(name, part, max))];

    /// <summary>Reads words with commas between them.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="all">The words that there are.</param>
    internal static IReadOnlyList<string> ReadWords(string name, string value, IReadOnlyList<string> all)
    {
        var words = value.Split(',');
        return Array.TrueForAll(words, all.Contains)
            ? words
            : throw new UsageException($"{name} is '{value}'; expected one or several of {string.Join(",", all)}.");
    }

    internal static TimeSpan ReadSeconds(string name, string value, double min, double max) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= min && seconds <= max
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}'; expected a number from {min} to {max}."));
}
