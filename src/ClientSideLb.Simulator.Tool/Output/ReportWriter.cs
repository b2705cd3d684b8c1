using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes a report to a console, and to files if a folder is given.</summary>
internal static class ReportWriter
{
    internal static void Write(TextWriter output, ScenarioReport report, DirectoryInfo? folder)
    {
        var console = Consoles.Create(output);
        var summary = report.Summary is null ? "" : $": {report.Summary}";
        if (console.Profile.Out.IsTerminal)
        {
            console.MarkupLineInterpolated($"[bold]{report.Result.Name}[/]{summary}");
        }
        else
        {
            WriteUnbroken(output, report.Result.Name + summary);
        }

        WriteText(report.Setup.ToString());
        if (ResultTables.Write(console, report.Result) is { } leftOut)
        {
            WriteText(leftOut);
        }

        foreach (var file in folder is null ? [] : ResultFiles.Write(report, folder))
        {
            WriteUnbroken(output, file);
        }

        WriteUnbroken(output, $"To repeat: {report.Setup.Command}");
        WriteText(report.Hint.ToString());

        // In a terminal, lines end between words. In a file or a pipe they need no end.
        void WriteText(string text)
        {
            if (console.Profile.Out.IsTerminal)
            {
                console.WriteLine(text);
            }
            else
            {
                WriteUnbroken(output, text);
            }
        }
    }

    // The console breaks lines at its width, and a path or a command in two lines cannot be copied.
    private static void WriteUnbroken(TextWriter output, string text) => output.WriteLine(text);
}
