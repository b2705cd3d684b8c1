using System.CommandLine;
using System.CommandLine.Help;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The command line: a command for each named scenario, one for scenarios in files, and one for their schema.</summary>
internal static class Cli
{
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand(
            "Runs ClientSideLb's clusters, strategies, outlier detection and probers on virtual time. Name a scenario, or run one of your own from a file. 'lbsim outage --help' shows the options of a scenario and their defaults.");
        var summaries = new Dictionary<Command, string>();
        foreach (var scenario in ScenarioCatalog.All)
        {
            var command = CreateScenarioCommand(scenario, output, error);
            summaries.Add(command, scenario.Summary);
            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(CreateFileCommand(output, error));
        root.Subcommands.Add(CreateSchemaCommand(output));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ScenarioHelp((HelpAction)help.Action!, summaries);
        return root;
    }

    private static Command CreateScenarioCommand(NamedScenario scenario, TextWriter output, TextWriter error)
    {
        var command = new Command(scenario.Name, ScenarioHelp.GetBeginning(scenario.Summary));
        var options = new ScenarioOptionSet(scenario, command);
        var folder = AddFolder(command);
        command.SetAction((parsed, cancellationToken) => ScenarioAction.RunAsync(
            (progress, stop) => NamedRun.Run(scenario, options.Read(parsed), progress, stop), parsed.GetValue(folder), output, error, cancellationToken));
        return command;
    }

    private static Command CreateFileCommand(TextWriter output, TextWriter error)
    {
        var command = new Command("run", "A scenario of your own, from a file");
        var file = new Argument<string>("file") { Description = "A scenario in JSON; 'lbsim schema' prints the schema." };
        command.Arguments.Add(file);
        var strategy = ScenarioOptionSet.CreateStrategy("those of the file");
        var seed = ScenarioOptionSet.CreateSeed("that of the file");
        command.Options.Add(strategy);
        command.Options.Add(seed);
        var folder = AddFolder(command);
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
        var command = new Command("schema", "Prints the JSON schema of scenario files");
        command.SetAction(_ =>
        {
            output.Write(ScenarioFile.Schema);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<string?> AddFolder(Command command)
    {
        var option = new Option<string?>("--out", "-o")
        {
            Description = ScenarioOptionSet.Describe("A folder to write CSV, JSON and plots (SVG) to.", "none, no files"),
            HelpName = "folder",
        };
        command.Options.Add(option);
        return option;
    }
}
