namespace Showdown;

/// <summary>The options of the command line.</summary>
/// <param name="Strategies">The strategies to run, in this order.</param>
/// <param name="Backends">The number of backends.</param>
/// <param name="Requests">The number of requests with each strategy.</param>
/// <param name="Outage">The number of the backend that goes out, counted from 1, or <see langword="null"/> for none.</param>
/// <param name="OutageKind">How that backend goes out.</param>
/// <param name="ShowHelp">Whether to show only the help.</param>
internal sealed record ShowdownOptions(
    IReadOnlyList<string> Strategies, int Backends, int Requests, int? Outage, OutageKind OutageKind = OutageKind.Kill, bool ShowHelp = false)
{
    internal const int MaxRequests = 100_000;

    private const int DefaultBackends = 5;
    private const int DefaultRequests = 1200;
    private const int DefaultOutage = 3;

    internal static string Help { get; } =
        $"""
        Sends requests to a few local backends with each load balancing strategy in turn, kills one backend in the
        middle and starts it again, and shows where the requests went and that none failed.

        Usage: dotnet run --project examples/Showdown -- [options]

          --strategy NAME|all   The strategy to run; the default is all. NAME is one of
                                {string.Join(", ", StrategyGuide.Names.Take(4))},
                                {string.Join(", ", StrategyGuide.Names.Skip(4))}.
          --backends N          How many backends to start, {BackendGroup.MinCount} to {BackendGroup.MaxCount}; the default is {DefaultBackends}.
          --requests N          How many requests each strategy sends, {Load.PhaseCount} to {MaxRequests}; the default is {DefaultRequests}.
                                A few more are sent if the balancer takes longer to notice the outage.
          --outage N|none       Which backend goes out, counted from 1; the default is {DefaultOutage}, or the last one.
          --outage-kind KIND    kill, the default: without a warning, with requests under way.
                                drain: for maintenance; its requests finish before it is stopped.
          --help                Shows this text.

        Exit codes: {ExitCodes.Success} all requests succeeded, {ExitCodes.Failed} some failed or a backend
        could not be started again, {ExitCodes.BadArguments} bad arguments, {ExitCodes.Interrupted} stopped by Ctrl+C.
        """;

    /// <exception cref="UsageException">The arguments are wrong.</exception>
    internal static ShowdownOptions Parse(string[] args)
    {
        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            return new ShowdownOptions([], 0, 0, Outage: null, ShowHelp: true);
        }

        var values = ReadPairs(args);
        var backends = ReadNumber(values, "--backends", DefaultBackends, BackendGroup.MinCount, BackendGroup.MaxCount);
        return new ShowdownOptions(
            ReadStrategies(values),
            backends,
            ReadNumber(values, "--requests", DefaultRequests, Load.PhaseCount, MaxRequests),
            ReadOutage(values, backends),
            ReadOutageKind(values));
    }

    private static Dictionary<string, string> ReadPairs(string[] args)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            // Both "--backends 5" and "--backends=5" are accepted.
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            if (name is not ("--strategy" or "--backends" or "--requests" or "--outage" or "--outage-kind"))
            {
                throw new UsageException(
                    $"'{args[i]}' is not an option; expected --strategy, --backends, --requests, --outage, --outage-kind or --help.");
            }

            if (equals < 0 && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new UsageException($"{name} needs a value; see --help.");
            }

            var value = equals < 0 ? args[++i] : args[i][(equals + 1)..];
            if (!values.TryAdd(name, value))
            {
                throw new UsageException($"{name} is given twice; expected once.");
            }
        }

        return values;
    }

    private static IReadOnlyList<string> ReadStrategies(Dictionary<string, string> values)
    {
        var value = values.GetValueOrDefault("--strategy", "all");
        if (value.Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            return StrategyGuide.Names;
        }

        return StrategyGuide.Names.FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } strategy
            ? [strategy]
            : throw new UsageException($"--strategy is '{value}'; expected all, or one of {string.Join(", ", StrategyGuide.Names)}.");
    }

    private static int? ReadOutage(Dictionary<string, string> values, int backends)
    {
        var value = values.GetValueOrDefault("--outage");
        if (value is null)
        {
            return Math.Min(DefaultOutage, backends);
        }

        if (value.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return int.TryParse(value, out var number) && number >= 1 && number <= backends
            ? number
            : throw new UsageException($"--outage is '{value}'; expected none, or the number of a backend from 1 to {backends}.");
    }

    private static OutageKind ReadOutageKind(Dictionary<string, string> values)
    {
        var value = values.GetValueOrDefault("--outage-kind", "kill");
        return value.ToLowerInvariant() switch
        {
            "kill" => OutageKind.Kill,
            "drain" => OutageKind.Drain,
            _ => throw new UsageException($"--outage-kind is '{value}'; expected kill or drain."),
        };
    }

    private static int ReadNumber(Dictionary<string, string> values, string name, int defaultValue, int min, int max)
    {
        if (!values.TryGetValue(name, out var value))
        {
            return defaultValue;
        }

        return int.TryParse(value, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"{name} is '{value}'; expected a whole number from {min} to {max}.");
    }
}
