using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class HelpTests
{
    // What is left of 80 columns beside the longest name.
    private const int ColumnWidth = 61;

    public static TheoryData<string> Scenarios => [.. ShortScenarios.Names];

    [Fact]
    public async Task The_list_of_commands_has_one_line_for_each()
    {
        var lines = (await CommandLine.RunAsync("--help")).Split(Environment.NewLine);

        Assert.All(ScenarioCatalog.All, scenario =>
        {
            var line = Assert.Single(lines, line => line.StartsWith($"  {scenario.Name} ", StringComparison.Ordinal));
            var text = line[(scenario.Name.Length + 2)..].Trim();
            Assert.StartsWith($"{text}: ", scenario.Summary, StringComparison.Ordinal);
            Assert.InRange(text.Length, 10, ColumnWidth);
        });
        Assert.Single(lines, static line => line.StartsWith("  run <file> ", StringComparison.Ordinal));
        Assert.Single(lines, static line => line.StartsWith("  schema ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_help_of_a_scenario_has_its_summary_and_a_default_for_each_option(string name)
    {
        var help = await CommandLine.RunAsync(name, "--help");

        Assert.Contains(KnownScenarios.Get(name).Summary, help, StringComparison.Ordinal);
        Assert.All(GetOptions(help), static line => Assert.Matches(@"\[default: .+\]$", line));
    }

    [Fact]
    public async Task The_defaults_are_those_of_the_scenario()
    {
        var options = GetOptions(await CommandLine.RunAsync("zone-outage", "--help"));

        AssertEnds("--strategy", "[default: the scenario's own runs: spill-over; without zones; own zone only]");
        AssertEnds("--backends", "[default: 12]");
        AssertEnds("--clients", "[default: 12]");
        AssertEnds("--load", "[default: 0.5]");
        AssertEnds("--fault", "[default: refuse]");
        AssertEnds("--duration", "[default: 2m]");
        AssertEnds("--seed", "[default: 1]");

        void AssertEnds(string option, string end) =>
            Assert.EndsWith(end, Assert.Single(options, line => line.Contains($"{option} <", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_of_a_file_says_that_its_own_values_are_the_defaults() =>
        Assert.All(GetOptions(await CommandLine.RunAsync("run", "--help")), static line => Assert.Matches(@"\[default: (those of the file|that of the file|none, no files)\]$", line));

    private static string[] GetOptions(string help) =>
        [.. help.Split(Environment.NewLine).Select(static line => line.TrimEnd()).Where(static line => line.TrimStart().StartsWith('-') && !line.Contains("--help", StringComparison.Ordinal))];
}
