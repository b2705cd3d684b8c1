using Spectre.Console;

namespace GatewayContrast;

/// <summary>Draws tables in a terminal.</summary>
internal sealed class TerminalReport(IAnsiConsole console) : IReport
{
    /// <summary>Gets a value indicating whether the output is a terminal that can move its cursor.</summary>
    internal static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    public async Task<IReadOnlyList<Contrast>> RunAsync(Func<Task<IReadOnlyList<Contrast>>> measureAsync, ContrastOptions options)
    {
        console.MarkupLine($"[bold]ClientSideLb gateway contrast[/]: {Guide.DescribeLoad(options.Duration)}");
        return await console.Status().StartAsync("[grey]Sending...[/]", _ => measureAsync());
    }

    public void ShowResults(IReadOnlyList<Contrast> contrasts)
    {
        foreach (var contrast in contrasts)
        {
            console.WriteLine();
            console.Write(CreateTable(contrast));
        }

        console.WriteLine();
        foreach (var line in Guide.Legend)
        {
            console.MarkupLine($"[grey]{line.EscapeMarkup()}[/]");
        }

        foreach (var line in contrasts.SelectMany(Guide.DescribeNoise))
        {
            console.MarkupLine($"[yellow]{line.EscapeMarkup()}[/]");
        }

        if (contrasts.Sum(static contrast => contrast.Failures) is > 0 and var failures)
        {
            console.MarkupLine($"[red]{Guide.DescribeFailures(failures)}[/]");
        }
    }

    private static Table CreateTable(Contrast contrast)
    {
        var headers = Line.CreateHeaders(contrast.Concurrency);
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumn(new TableColumn($"[bold]{headers.What}[/]") { NoWrap = true, Width = 24 });
        foreach (var header in new[] { $"[green]{headers.Balanced}[/]", headers.ThroughGateway, $"[yellow]{headers.Hop}[/]" })
        {
            table.AddColumn(new TableColumn(header) { NoWrap = true, Alignment = Justify.Right, Width = 13 });
        }

        foreach (var line in Line.CreateAll(contrast))
        {
            table.AddRow(line.What, $"[green]{line.Balanced}[/]", line.ThroughGateway, $"[yellow]{line.Hop}[/]");
        }

        return table;
    }
}
