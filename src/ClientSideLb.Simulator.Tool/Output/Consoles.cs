using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Consoles that write to a terminal in colour and its width, and to a file or a pipe in plain text that is not folded.</summary>
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
