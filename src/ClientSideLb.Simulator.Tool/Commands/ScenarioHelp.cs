using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ClientSideLb.Simulator.Tool;

/// <summary>
/// Prints help. The list of scenarios has a line for each, so there a scenario's description is only the beginning of its summary; its own help has all
/// of it.
/// </summary>
internal sealed class ScenarioHelp(HelpAction help, IReadOnlyDictionary<Command, string> summaries) : SynchronousCommandLineAction
{
    // Help must not fail if a part of the command line is wrong.
    public override bool ClearsParseErrors => true;

    internal static string GetBeginning(string summary) => summary.Split(": ")[0];

    public override int Invoke(ParseResult parseResult)
    {
        if (summaries.TryGetValue(parseResult.CommandResult.Command, out var summary))
        {
            parseResult.CommandResult.Command.Description = summary;
        }

        return help.Invoke(parseResult);
    }
}
