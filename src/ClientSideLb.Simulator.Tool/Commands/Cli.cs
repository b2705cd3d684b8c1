using System.CommandLine;
using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The command line: a command for each named scenario, one for scenarios in files, and one for their schema.</summary>
internal static class Cli
{
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "Runs ClientSideLb's clusters, strategies, outlier detection and probers on virtual time. Name a scenario, or run one of your own from a file.");
        foreach (var scenario in ScenarioCatalog.All)
        {
            root.Subcommands.Add(CreateScenarioCommand(scenario, output, error));
        }

        root.Subcommands.Add(CreateFileCommand(output, error));
        root.Subcommands.Add(CreateSchemaCommand(output));
        return root;
    }

    private static Command CreateScenarioCommand(NamedScenario scenario, TextWriter output, TextWriter error)
    {
        var command = new Command(scenario.Name, scenario.Summary);
        var backends = Add(command, new Option<int?>("--backends", "-b") { Description = "The number of backends.", HelpName = "number" });
        var folder = Add(command, CreateFolderOption());
        var (strategy, clients, load, duration, seed, fault) = (CreateStrategyOption(), CreateClientsOption(), CreateLoadOption(), CreateDurationOption(), CreateSeedOption(), CreateFaultOption());
        if (scenario is TrafficScenario)
        {
            Add(command, strategy);
            Add(command, clients);
            Add(command, load);
            Add(command, duration);
            Add(command, seed);
        }

        if (scenario.Name is "outage" or "zone-outage")
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

    private static Command CreateFileCommand(TextWriter output, TextWriter error)
    {
        var command = new Command("run", "Runs a scenario from a file.");
        var file = new Argument<string>("file") { Description = "A scenario in JSON; 'lbsim schema' prints the schema." };
        command.Arguments.Add(file);
        var strategy = Add(command, CreateStrategyOption());
        var seed = Add(command, CreateSeedOption());
        var folder = Add(command, CreateFolderOption());
        command.SetAction((parsed, cancellationToken) => ScenarioAction.RunAsync(
            (progress, stop) => FileScenario.Run(parsed.GetValue(file)!, parsed.GetValue(strategy), parsed.GetValue(seed), progress, stop),
            parsed.GetValue(folder),
            output,
            error,
            cancellationToken));
        return command;
    }

    private static Command CreateSchemaCommand(TextWriter output)
    {
        var command = new Command("schema", "Prints the JSON schema of scenario files.");
        command.SetAction(_ =>
        {
            output.Write(ScenarioFile.Schema);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<string?> CreateStrategyOption() => new("--strategy", "-s")
    {
        Description = "The strategy, or 'all' to compare the library's strategies.",
        HelpName = "name",
    };

    private static Option<int?> CreateClientsOption() => new("--clients", "-c") { Description = "The number of clients.", HelpName = "number" };

    private static Option<double?> CreateLoadOption() => new("--load", "-l")
    {
        Description = "The offered requests as a part of what the backends can serve; 0.8 is a busy service.",
        HelpName = "part",
        CustomParser = static result =>
            double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load)
                ? load
                : ReportError<double?>(result, $"--load is '{result.Tokens[0].Value}'; expected a number such as 0.8."),
    };

    private static Option<TimeSpan?> CreateDurationOption() => new("--duration", "-d")
    {
        Description = "The time to simulate, such as 90s or 5m.",
        HelpName = "time",
        CustomParser = static result =>
            Duration.TryParse(result.Tokens[0].Value, out var duration)
                ? duration
                : ReportError<TimeSpan?>(result, $"--duration is '{result.Tokens[0].Value}'; expected a time such as 90s, 5m or 00:01:30."),
    };

    private static Option<int?> CreateSeedOption() => new("--seed") { Description = "The seed of the random numbers. The same seed gives the same result.", HelpName = "number" };

    private static Option<ChangeKind?> CreateFaultOption() => new("--fault")
    {
        Description = "How backends fail: refuse connections, hang, or answer 503 (error).",
        HelpName = "refuse|hang|error",
        CustomParser = static result =>
            Enum.TryParse<ChangeKind>(result.Tokens[0].Value, ignoreCase: true, out var fault)
                ? fault
                : ReportError<ChangeKind?>(result, $"--fault is '{result.Tokens[0].Value}'; expected refuse, hang or error."),
    };

    private static Option<string?> CreateFolderOption() => new("--out", "-o")
    {
        Description = "A folder to write CSV, JSON and plots (PNG and SVG) to.",
        HelpName = "folder",
    };

    private static Option<T> Add<T>(Command command, Option<T> option)
    {
        command.Options.Add(option);
        return option;
    }

    private static T? ReportError<T>(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
