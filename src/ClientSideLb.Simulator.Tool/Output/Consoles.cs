using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Creates consoles. In a terminal, output has colours and the terminal's width; in a file or a pipe, it is plain text of a fixed width.</summary>
internal static class Consoles
{
    private const int FileWidth = 200;

    internal static IAnsiConsole Create(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = FileWidth;
            console.Profile.Capabilities.Ansi = false;
        }

        return console;
    }
}
