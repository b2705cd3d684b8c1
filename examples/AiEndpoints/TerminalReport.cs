using Spectre.Console;

namespace AiEndpoints;

/// <summary>Draws tables in a terminal.</summary>
internal sealed class TerminalReport(IAnsiConsole console) : IReport
{
    /// <summary>Gets a value indicating whether the output is a terminal that can move its cursor.</summary>
    internal static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    public void ShowIntroduction()
    {
        console.MarkupLine("[bold]ClientSideLb AI endpoints[/]");
        foreach (var line in Wording.Introduction)
        {
            console.MarkupLine($"[grey]{line}[/]");
        }
    }

    public async Task<PartResult> RunAsync(Part part, Func<Task<PartResult>> runAsync)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{part.Title}[/]: {Wording.DescribeLoad(part)}");
        var result = await console.Status().StartAsync("[grey]Sending...[/]", _ => runAsync());
        console.Write(CreateTable(result));
        foreach (var line in Wording.DescribeCallers(result))
        {
            console.MarkupLine(line.EscapeMarkup());
        }

        return result;
    }

    public void ShowOutcome(Outcome outcome)
    {
        console.WriteLine();
        console.MarkupLine($"[{(outcome.IsGood ? "green" : "red")}]{Wording.DescribeOutcome(outcome).EscapeMarkup()}[/]");
    }

    private static Table CreateTable(PartResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var header in Wording.Headers)
        {
            table.AddColumn(new TableColumn($"[bold]{header}[/]") { NoWrap = true, Alignment = header == Wording.Headers[0] ? Justify.Left : Justify.Right });
        }

        foreach (var row in Wording.GetRows(result))
        {
            table.AddRow([.. row.Select((cell, column) => column == row.Count - 1 && cell != "0" ? $"[yellow]{cell}[/]" : cell)]);
        }

        return table;
    }
}
