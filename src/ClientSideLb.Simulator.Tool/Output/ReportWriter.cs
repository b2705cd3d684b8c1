using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes a report to a console, and to files if a folder is given.</summary>
internal static class ReportWriter
{
    internal static void Write(TextWriter output, ScenarioReport report, DirectoryInfo? folder)
    {
        var console = Consoles.Create(output);
        console.MarkupLineInterpolated($"[bold]{report.Result.Name}[/]{(report.Summary is null ? "" : $": {report.Summary}")}");
        console.WriteLine(report.Setup.ToString());
        ResultTables.Write(console, report.Result);
        foreach (var file in folder is null ? [] : ResultFiles.Write(report, folder))
        {
            WriteUnbroken(output, file);
        }

        WriteUnbroken(output, $"To repeat: {report.Setup.Command}");
        console.WriteLine(report.Hint.ToString());
    }

    // The console breaks lines at its width, and a path or a command in two lines cannot be copied.
    private static void WriteUnbroken(TextWriter output, string text) => output.WriteLine(text);
}
