using Spectre.Console;

namespace GatewayContrast;

/// <summary>Draws tables in a terminal.</summary>
internal sealed class TerminalReport(IAnsiConsole console) : IReport
{
    /// <summary>Gets a value indicating whether there is a terminal that can move its cursor.</summary>
    internal static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    public async Task<IReadOnlyList<Contrast>> ShowAsync(Func<Task<IReadOnlyList<Contrast>>> measureAsync, ContrastOptions options)
    {
        console.MarkupLine($"[bold]ClientSideLb gateway contrast[/]: {Guide.Begin(options.Duration)}");
        return await console.Status().StartAsync("[grey]Sending...[/]", _ => measureAsync());
    }

    public void End(IReadOnlyList<Contrast> contrasts)
    {
        foreach (var contrast in contrasts)
        {
            console.WriteLine();
            console.Write(Draw(contrast));
        }

        console.WriteLine();
        foreach (var line in Guide.Legend)
        {
            console.MarkupLine($"[grey]{line.EscapeMarkup()}[/]");
        }

        if (contrasts.Sum(static contrast => contrast.Failures) is > 0 and var failures)
        {
            console.MarkupLine($"[red]{Guide.Failed(failures)}[/]");
        }
    }

    private static Table Draw(Contrast contrast)
    {
        var headers = Line.Headers(contrast.Concurrency);
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        table.AddColumn(new TableColumn($"[bold]{headers.What}[/]") { NoWrap = true, Width = 24 });
        foreach (var header in new[] { $"[green]{headers.Balanced}[/]", headers.ThroughGateway, $"[yellow]{headers.Hop}[/]" })
        {
            table.AddColumn(new TableColumn(header) { NoWrap = true, Alignment = Justify.Right, Width = 13 });
        }

        foreach (var line in Line.Of(contrast))
        {
            table.AddRow(line.What, $"[green]{line.Balanced}[/]", line.ThroughGateway, $"[yellow]{line.Hop}[/]");
        }

        return table;
    }
}
