using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Plotting;

public sealed class LineStylesTests
{
    public static TheoryData<string> Scenarios => KnownScenarios.WithTraffic;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void No_two_lines_of_a_scenario_look_alike(string name)
    {
        var runs = Assert.IsAssignableFrom<TrafficScenario>(KnownScenarios.Get(name)).CreateRuns(new ScenarioOptions());

        var styles = LineStyles.Of([.. runs.Select(static run => run.Label)]);

        Assert.Equal(runs.Count, styles.Distinct().Count());
    }

    [Fact]
    public void Even_forty_lines_look_different() =>
        Assert.Equal(40, LineStyles.Of([.. Enumerable.Range(0, 40).Select(static number => $"run {number}")]).Distinct().Count());

    [Fact]
    public void Variants_of_one_thing_have_its_colour_and_other_dashes()
    {
        var styles = LineStyles.Of(["RoundRobin", "Random", "PeakEwma", "RoundRobin, ejection"]);

        Assert.Equal(styles[0].Colour, styles[3].Colour);
        Assert.NotEqual(styles[0].Dash, styles[3].Dash);
    }

    [Fact]
    public void Of_many_variants_of_two_things_each_has_a_colour()
    {
        var styles = LineStyles.Of(["RoundRobin, all", "RoundRobin, half", "RoundRobin, few", "Random, all", "Random, half", "Random, few"]);

        Assert.Equal(3, styles.Take(3).Select(static style => style.Colour).Distinct().Count());
        Assert.Equal(styles.Take(3).Select(static style => style.Colour), styles.Skip(3).Select(static style => style.Colour));
    }
}
