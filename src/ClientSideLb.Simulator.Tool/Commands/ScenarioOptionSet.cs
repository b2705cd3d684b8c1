using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The options of a named scenario: those that it has a default for, and the strategy if it has traffic. Help shows the defaults.</summary>
internal sealed class ScenarioOptionSet
{
    private readonly Option<string?>? _strategy;
    private readonly Option<int?> _backends;
    private readonly Option<int?>? _clients;
    private readonly Option<double?>? _load;
    private readonly Option<TimeSpan?>? _duration;
    private readonly Option<int?>? _seed;
    private readonly Option<ChangeKind?>? _fault;

    internal ScenarioOptionSet(NamedScenario scenario, Command command)
    {
        var defaults = scenario.Defaults;
        if (scenario is TrafficScenario traffic)
        {
            _strategy = Add(command, CreateStrategy($"the scenario's own runs: {string.Join("; ", traffic.CreateRuns(new ScenarioOptions()).Select(static run => run.Label))}"));
        }

        _backends = Add(command, new Option<int?>("--backends", "-b") { Description = Describe("The number of backends.", defaults.Backends), HelpName = "number" });
        _clients = defaults.Clients is { } clients ? Add(command, new Option<int?>("--clients", "-c") { Description = Describe("The number of clients.", clients), HelpName = "number" }) : null;
        _load = defaults.Load is { } load ? Add(command, CreateLoad(load)) : null;
        _fault = defaults.Fault is { } fault ? Add(command, CreateFault(fault)) : null;
        _duration = defaults.Duration is { } duration ? Add(command, CreateDuration(duration)) : null;
        _seed = defaults.Seed is { } seed ? Add(command, CreateSeed(seed)) : null;
    }

    internal static Option<string?> CreateStrategy(string defaultText) => new("--strategy", "-s")
    {
        Description = Describe($"The strategy: {string.Join(", ", ScenarioStrategies.Of("all"))}; or 'all' to compare these.", defaultText),
        HelpName = "name",
    };

    internal static Option<int?> CreateSeed(object defaultValue) =>
        new("--seed") { Description = Describe("The seed of the random numbers. The same seed gives the same result.", defaultValue), HelpName = "number" };

    internal ScenarioOptions Read(ParseResult parsed) => new()
    {
        Strategy = _strategy is null ? null : parsed.GetValue(_strategy),
        Backends = parsed.GetValue(_backends),
        Clients = _clients is null ? null : parsed.GetValue(_clients),
        Load = _load is null ? null : parsed.GetValue(_load),
        Duration = _duration is null ? null : parsed.GetValue(_duration),
        Seed = _seed is null ? null : parsed.GetValue(_seed),
        Fault = _fault is null ? null : parsed.GetValue(_fault),
    };

    internal static string Describe(string text, object? defaultValue) => string.Create(CultureInfo.InvariantCulture, $"{text} [default: {defaultValue}]");

    private static Option<double?> CreateLoad(double defaultValue) => new("--load", "-l")
    {
        Description = Describe("The offered requests as a part of what the backends can serve; 0.8 is a busy service.", defaultValue.ToString("0.###", CultureInfo.InvariantCulture)),
        HelpName = "part",
        CustomParser = static result =>
            double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load)
                ? load
                : ReportError<double?>(result, $"--load is '{result.Tokens[0].Value}'; expected a number such as 0.8."),
    };

    private static Option<TimeSpan?> CreateDuration(TimeSpan defaultValue) => new("--duration", "-d")
    {
        Description = Describe("The time to simulate, such as 90s, 5m or 00:01:30.", TimeText.Format(defaultValue)),
        HelpName = "time",
        CustomParser = static result =>
            Duration.TryParse(result.Tokens[0].Value, out var duration)
                ? duration
                : ReportError<TimeSpan?>(result, $"--duration is '{result.Tokens[0].Value}'; expected a time such as 90s, 5m or 00:01:30."),
    };

    private static Option<ChangeKind?> CreateFault(ChangeKind defaultValue) => new("--fault")
    {
        Description = Describe("How backends fail: refuse connections, hang, or answer 503 (error).", defaultValue.ToString().ToLowerInvariant()),
        HelpName = "refuse|hang|error",
        CustomParser = static result =>
            Enum.TryParse<ChangeKind>(result.Tokens[0].Value, ignoreCase: true, out var fault)
                ? fault
                : ReportError<ChangeKind?>(result, $"--fault is '{result.Tokens[0].Value}'; expected refuse, hang or error."),
    };

    private static Option<T> Add<T>(Command command, Option<T> option)
    {
        command.Options.Add(option);
        return option;
    }

    private static T? ReportError<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
