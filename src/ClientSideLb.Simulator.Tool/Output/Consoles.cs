using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Creates consoles. To a terminal they write colours and fit its width; to a file or a pipe they write plain text, 200 characters wide.</summary>
internal static class Consoles
{
    private const int WidthOfFile = 200;

    internal static IAnsiConsole For(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthOfFile;
            console.Profile.Capabilities.Ansi = false;
        }

        return console;
    }
}
