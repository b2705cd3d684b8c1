using Showdown;

namespace ClientSideLb.Tests.Examples;

public sealed class ShowdownOptionsTests
{
    [Fact]
    public void The_defaults_run_all_strategies_and_kill_one_backend()
    {
        var options = ShowdownOptions.Parse([]);

        Assert.Equal(
            [
                LoadBalancingStrategies.RoundRobin,
                LoadBalancingStrategies.WeightedRoundRobin,
                LoadBalancingStrategies.Random,
                LoadBalancingStrategies.LeastConnections,
                LoadBalancingStrategies.PowerOfTwoChoices,
                LoadBalancingStrategies.PeakEwma,
                LoadBalancingStrategies.IpHash,
                LoadBalancingStrategies.ConsistentHash,
                LoadBalancingStrategies.Maglev,
            ],
            options.Strategies);
        Assert.Equal(
            (5, 1200, 3, OutageKind.Kill, false),
            (options.Backends, options.Requests, options.Outage, options.OutageKind, options.ShowHelp));
    }

    [Fact]
    public void Every_option_can_be_set_and_case_does_not_matter_in_names()
    {
        var options = ShowdownOptions.Parse(
            ["--strategy", "leastconnections", "--backends=7", "--requests", "90", "--outage", "7", "--outage-kind=Drain"]);

        Assert.Equal([LoadBalancingStrategies.LeastConnections], options.Strategies);
        Assert.Equal((7, 90, 7, OutageKind.Drain), (options.Backends, options.Requests, options.Outage, options.OutageKind));
    }

    [Fact]
    public void The_outage_can_be_left_out() =>
        Assert.Null(ShowdownOptions.Parse(["--outage", "none"]).Outage);

    [Fact]
    public void The_last_backend_goes_out_if_there_are_few() =>
        Assert.Equal(2, ShowdownOptions.Parse(["--backends", "2"]).Outage);

    [Fact]
    public void Help_comes_before_everything_else() =>
        Assert.True(ShowdownOptions.Parse(["--backends", "x", "--help"]).ShowHelp);

    [Fact]
    public void The_help_names_every_option_and_strategy() =>
        Assert.All(
            ["--strategy", "--backends", "--requests", "--outage", "--outage-kind", "--help", .. StrategyGuide.Names],
            static word => Assert.Contains(word, ShowdownOptions.Help, StringComparison.Ordinal));

    [Theory]
    [InlineData("'--foo' is not an option; expected --strategy, --backends, --requests, --outage, --outage-kind or --help.", "--foo")]
    [InlineData("--strategy is 'Foo'; expected all, or one of RoundRobin,", "--strategy", "Foo")]
    [InlineData("--backends is '1'; expected a whole number from 2 to 50.", "--backends", "1")]
    [InlineData("--backends is '51'; expected a whole number from 2 to 50.", "--backends", "51")]
    [InlineData("--requests is 'many'; expected a whole number from 3 to 100000.", "--requests", "many")]
    [InlineData("--requests needs a value; see --help.", "--requests")]
    [InlineData("--requests needs a value; see --help.", "--requests", "--backends", "3")]
    [InlineData("--outage is '4'; expected none, or the number of a backend from 1 to 3.", "--outage", "4", "--backends", "3")]
    [InlineData("--outage-kind is '1'; expected kill or drain.", "--outage-kind", "1")]
    [InlineData("--backends is given twice; expected once.", "--backends", "3", "--backends", "4")]
    public void A_wrong_argument_is_refused_with_what_is_expected(string expected, params string[] args) =>
        Assert.StartsWith(expected, Assert.Throws<UsageException>(() => ShowdownOptions.Parse(args)).Message, StringComparison.Ordinal);
}
