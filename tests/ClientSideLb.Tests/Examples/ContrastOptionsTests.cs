using GatewayContrast;

namespace ClientSideLb.Tests.Examples;

public sealed class ContrastOptionsTests
{
    [Fact]
    public void The_default_duration_is_15_seconds() =>
        Assert.Equal(new ContrastOptions(TimeSpan.FromSeconds(15)), ContrastOptions.Parse([]));

    [Theory]
    [InlineData("--seconds", "3")]
    [InlineData("--seconds=3")]
    public void The_time_can_be_set(params string[] args) =>
        Assert.Equal(TimeSpan.FromSeconds(3), ContrastOptions.Parse(args).Duration);

    [Fact]
    public void Help_comes_before_everything_else() =>
        Assert.True(ContrastOptions.Parse(["--seconds", "x", "--help"]).ShowHelp);

    [Theory]
    [InlineData("--seconds needs a value; see --help.", "--seconds")]
    [InlineData("--seconds is 'many'; expected a whole number from 2 to 600.", "--seconds", "many")]
    [InlineData("--seconds is '1'; expected a whole number from 2 to 600.", "--seconds=1")]
    [InlineData("--seconds is '601'; expected a whole number from 2 to 600.", "--seconds", "601")]
    [InlineData("'--foo 3' is not understood; expected --seconds N or --help.", "--foo", "3")]
    public void A_wrong_argument_is_refused_with_what_is_expected(string expected, params string[] args) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => ContrastOptions.Parse(args)).Message);
}
