using System.Globalization;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class PlotsTests
{
    private const string Origin = "lbsim <of> \"some\" & other";

    public static TheoryData<string> Scenarios => [.. ShortScenarios.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_plot_of_a_scenario_is_a_picture_that_can_be_read(string name)
    {
        var plots = Plots.Of(ShortScenarios.GetReport(name).Result, Origin).ToArray();

        Assert.NotEmpty(plots);
        Assert.Equal(plots.Length, plots.Select(static plot => plot.Name).Distinct().Count());
        Assert.All(plots, static plot =>
        {
            var drawing = new SvgDrawing(plot.Svg);
            Assert.Equal("img", drawing["role"]);
            Assert.Equal(drawing.Title, drawing.Texts[0].Text);
            Assert.Equal(Origin, drawing.Texts[1].Text);
            Assert.StartsWith("system-ui, ", drawing["font-family"], StringComparison.Ordinal);
            Assert.EndsWith(", sans-serif", drawing["font-family"], StringComparison.Ordinal);
            Assert.Contains("@media (prefers-color-scheme: dark)", drawing.StyleSheet, StringComparison.Ordinal);
            Assert.All(drawing.Numbers, number => Assert.InRange(number, 0, Math.Max(drawing.Width, drawing.Height)));
            Assert.All(drawing.Texts, text =>
            {
                Assert.InRange(text.Left, 0, drawing.Width);
                Assert.InRange(text.Right, 0, drawing.Width);
                Assert.InRange(text.Bottom, 0, drawing.Height);
                Assert.DoesNotContain(drawing.Texts, other => other != text && other.Overlaps(text));
            });

            // Axes never go below 0.
            Assert.DoesNotContain(drawing.Texts.Skip(2), static text => text.Text.StartsWith('-'));
        });
    }

    [Fact]
    public void The_culture_of_the_user_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var expected = Draw();
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "minus", PercentSymbol = "pc" } };

            Assert.Equal(expected, Draw());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static string[] Draw() => [.. Plots.Of(ShortScenarios.GetReport("zone-outage").Result, "").Select(static plot => plot.Svg)];
    }

    [Theory]
    [InlineData("errors-over-time")]
    [InlineData("latency-over-time")]
    [InlineData("latency-distribution")]
    public void The_legend_is_beside_the_data_and_names_every_line(string name)
    {
        ScenarioResult result = new(
            "plotted",
            [Run("one with a name that is as long as that of the longest scenario", CreateFailing()), Run("other", Create() with { Changes = [Change(20, ChangeKind.Error)] })],
            []);

        var drawing = Draw(result, name);

        Assert.Equal(2, drawing.DataLines.Count);
        Assert.Equal(drawing.DataLines.Select(static line => line.Class).Order(), drawing.Samples.Select(static line => line.Class).Order());
        var right = drawing.DataLines.Max(static line => line.Right);
        Assert.All(drawing.Samples, sample => Assert.InRange(sample.Left, right + 10, drawing.Width));
        Assert.Contains(drawing.Texts, text => text.Text == "other" && text.X > right);
    }

    [Fact]
    public void A_line_that_lies_on_zero_is_named_and_not_drawn()
    {
        var drawing = Draw(new ScenarioResult("plotted", [Run("fails", CreateFailing()), Run("never fails", Create()), Run("nor this", Create())], []), "errors-over-time");

        Assert.Single(drawing.DataLines);
        Assert.Equal(["fails", "zero throughout:", "never fails", "nor this"], drawing.Texts.TakeLast(4).Select(static text => text.Text));
    }

    [Fact]
    public void Lines_that_are_the_same_are_drawn_once_and_named_together()
    {
        var drawing = Draw(new ScenarioResult("plotted", [Run("one", CreateFailing()), Run("another", CreateFailing())], []), "errors-over-time");

        Assert.Single(drawing.DataLines);
        Assert.Equal(["one", "= another"], drawing.Texts.TakeLast(2).Select(static text => text.Text));
    }

    [Fact]
    public void A_run_without_answers_is_named_and_not_drawn()
    {
        var dead = Create() with { Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Error }] };

        foreach (var name in (string[])["latency-over-time", "latency-distribution"])
        {
            var drawing = Draw(new ScenarioResult("plotted", [Run("alive", Create()), Run("dead", dead)], []), name);

            Assert.Single(drawing.DataLines);
            Assert.Equal(["alive", "no request answered:", "dead"], drawing.Texts.TakeLast(3).Select(static text => text.Text));
        }
    }

    [Fact]
    public void Failures_are_drawn_from_zero_at_the_bottom()
    {
        var drawing = Draw(new ScenarioResult("plotted", [Run("fails", CreateFailing())], []), "errors-over-time");

        var (zero, whole) = (GetTick(drawing, "0 %"), GetTick(drawing, "100 %"));
        var line = Assert.Single(drawing.DataLines);
        Assert.Equal(zero, line.Points.Max(static point => point.Y), 3.0);
        Assert.Equal(whole, line.Points.Min(static point => point.Y), 3.0);
        Assert.DoesNotContain(drawing.Texts, text => text.Anchor == "end" && text.Y > zero + 6);
    }

    [Fact]
    public void The_line_of_a_zone_has_a_gap_where_no_request_is_answered()
    {
        var scenario = CreateFailing();
        var run = Run("fails", scenario with { Clients = [scenario.Clients[0] with { Zone = "a" }] });

        var line = Assert.Single(Draw(new ScenarioResult("plotted", [run], []), "latency-in-zone-a").DataLines);

        Assert.Equal(2, line.Pieces.Count);
        var whole = line.Right - line.Left;
        Assert.InRange((line.Pieces[0][^1].X - line.Left) / whole, 0.31, 0.34);
        Assert.InRange((line.Pieces[1][0].X - line.Left) / whole, 0.66, 0.69);
    }

    [Fact]
    public void A_heat_map_begins_at_zero_and_has_the_same_colours_for_all_runs()
    {
        var two = Create() with { Backends = [new BackendGroup { Count = 2, Concurrency = 1000 }] };
        var idle = two with { Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Leave }] };
        ScenarioResult result = new("plotted", [Run("even", two), Run("idle", idle)], []);

        var (even, one) = (Draw(result, "load-even"), Draw(result, "load-idle"));

        Assert.Equal(GetScale(even), GetScale(one));
        Assert.Equal("0 /s", GetScale(even)[0]);

        // Of the two backends, one gets nothing, and the other twice as much as both of them otherwise get.
        Assert.Contains(0, one.HeatLevels);
        Assert.DoesNotContain(0, even.HeatLevels);
        Assert.InRange(even.HeatLevels.Max(), 1, one.HeatLevels.Max() - 1);

        static string[] GetScale(SvgDrawing drawing) =>
            [.. drawing.Texts.Where(static text => text.Text.EndsWith(" /s", StringComparison.Ordinal)).Select(static text => text.Text)];
    }

    private static double GetTick(SvgDrawing drawing, string label)
    {
        var text = drawing.Texts.Single(text => text.Text == label);
        return text.Y - (text.Size * 0.35);
    }

    private static SvgDrawing Draw(ScenarioResult result, string name) => new(Plots.Of(result, Origin).Single(plot => plot.Name == name).Svg);

    private static Scenario CreateFailing() => Create() with { Changes = [Change(20, ChangeKind.Error), Change(40, ChangeKind.Recover)] };

    private static BackendChange Change(int second, ChangeKind kind) => new() { At = TimeSpan.FromSeconds(second), Backends = "0", Change = kind };

    private static Scenario Create() => new()
    {
        Duration = TimeSpan.FromSeconds(60),
        WarmUp = TimeSpan.Zero,
        Clients = [new ClientGroup { Arrivals = new PoissonArrivals { Rate = 50 } }],
        Backends = [new BackendGroup { Concurrency = 1000, Service = new ExponentialTime() }],
    };

    private static RunResult Run(string label, Scenario scenario) => Simulation.Run(scenario, label);
}
