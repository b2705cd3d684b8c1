using System.CommandLine;
using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The command line: a command for each named scenario, one for a scenario's file, and one for its schema.</summary>
internal static class Cli
{
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "Runs ClientSideLb's clusters, strategies, outlier detection and probers on virtual time. Name a scenario, or give a file of your own.");
        foreach (var scenario in ScenarioCatalog.All)
        {
            root.Subcommands.Add(ScenarioCommand(scenario, output, error));
        }

        root.Subcommands.Add(FileCommand(output, error));
        root.Subcommands.Add(SchemaCommand(output));
        return root;
    }

    private static Command ScenarioCommand(NamedScenario scenario, TextWriter output, TextWriter error)
    {
        var command = new Command(scenario.Name, scenario.Summary);
        var backends = Add(command, new Option<int?>("--backends", "-b") { Description = "How many backends there are.", HelpName = "number" });
        var folder = Add(command, OutOption());
        var (strategy, clients, load, duration, seed, fault) = (StrategyOption(), ClientsOption(), LoadOption(), DurationOption(), SeedOption(), FaultOption());
        if (scenario is TrafficScenario)
        {
            Add(command, strategy);
            Add(command, clients);
            Add(command, load);
            Add(command, duration);
            Add(command, seed);
        }

        if (scenario.Name == "outage")
        {
            Add(command, fault);
        }

        command.SetAction((parsed, cancellationToken) => ScenarioAction.RunAsync(
            (progress, stop) => new ScenarioReport(
                scenario.Run(
                    new ScenarioOptions
                    {
                        Backends = parsed.GetValue(backends),
                        Strategy = parsed.GetValue(strategy),
                        Clients = parsed.GetValue(clients),
                        Load = parsed.GetValue(load),
                        Duration = parsed.GetValue(duration),
                        Seed = parsed.GetValue(seed),
                        Fault = parsed.GetValue(fault),
                    },
                    progress,
                    stop),
                scenario.Summary),
            parsed.GetValue(folder),
            output,
            error,
            cancellationToken));
        return command;
    }

    private static Command FileCommand(TextWriter output, TextWriter error)
    {
        var command = new Command("run", "Runs a scenario's file.");
        var file = new Argument<string>("file") { Description = "The scenario, as JSON; 'lbsim schema' prints its schema." };
        command.Arguments.Add(file);
        var strategy = Add(command, StrategyOption());
        var seed = Add(command, SeedOption());
        var folder = Add(command, OutOption());
        command.SetAction((parsed, cancellationToken) => ScenarioAction.RunAsync(
            (progress, stop) => FileScenario.Run(parsed.GetValue(file)!, parsed.GetValue(strategy), parsed.GetValue(seed), progress, stop),
            parsed.GetValue(folder),
            output,
            error,
            cancellationToken));
        return command;
    }

    private static Command SchemaCommand(TextWriter output)
    {
        var command = new Command("schema", "Prints the JSON schema of a scenario's file.");
        command.SetAction(_ =>
        {
            output.Write(ScenarioFile.Schema);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<string?> StrategyOption() => new("--strategy", "-s")
    {
        Description = "The strategy, or 'all' to compare the seven of the library.",
        HelpName = "name",
    };

    private static Option<int?> ClientsOption() => new("--clients", "-c") { Description = "How many clients there are.", HelpName = "number" };

    private static Option<double?> LoadOption() => new("--load", "-l")
    {
        Description = "The requests offered, as a part of what the backends can serve: 0.8 is a busy service.",
        HelpName = "part",
        CustomParser = static result =>
            double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load)
                ? load
                : Fault<double?>(result, $"--load is '{result.Tokens[0].Value}'; expected a number such as 0.8."),
    };

    private static Option<TimeSpan?> DurationOption() => new("--duration", "-d")
    {
        Description = "How long is simulated: 90s, 5m.",
        HelpName = "time",
        CustomParser = static result =>
            Duration.TryParse(result.Tokens[0].Value, out var duration)
                ? duration
                : Fault<TimeSpan?>(result, $"--duration is '{result.Tokens[0].Value}'; expected a time such as 90s, 5m or 00:01:30."),
    };

    private static Option<int?> SeedOption() => new("--seed") { Description = "The seed of all that is random. One seed, one result.", HelpName = "number" };

    private static Option<ChangeKind?> FaultOption()
    {
        var option = new Option<ChangeKind?>("--fault")
        {
            Description = "How backends fail: refuse connections, hang, or answer 503 (error).",
            HelpName = "refuse|hang|error",
            CustomParser = static result =>
                Enum.TryParse<ChangeKind>(result.Tokens[0].Value, ignoreCase: true, out var fault)
                    ? fault
                    : Fault<ChangeKind?>(result, $"--fault is '{result.Tokens[0].Value}'; expected refuse, hang or error."),
        };
        return option;
    }

    private static Option<string?> OutOption() => new("--out", "-o")
    {
        Description = "A folder to write CSV, JSON and plots (PNG and SVG) to.",
        HelpName = "folder",
    };

    private static Option<T> Add<T>(Command command, Option<T> option)
    {
        command.Options.Add(option);
        return option;
    }

    private static T? Fault<T>(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
