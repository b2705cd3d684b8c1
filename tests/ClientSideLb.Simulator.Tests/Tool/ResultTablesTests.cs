using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;
using Spectre.Console;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class ResultTablesTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(300)]
    public void A_table_fits_the_width_of_the_console_and_folds_no_title(int width)
    {
        var result = KnownScenarios.Get("outage").Run(new ScenarioOptions { Duration = TimeSpan.FromSeconds(5) });
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;

        ResultTables.Write(console, result);

        var lines = output.ToString().Split(Environment.NewLine);
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        foreach (var title in (string[])["ejection, failover", "requests", "share", "max ÷ mean", "p50 ms", "p99.9", "errors", "peak in flight", "moved", "at failing"])
        {
            Assert.Contains(lines, line => line.Contains(title, StringComparison.Ordinal));
        }
    }
}
