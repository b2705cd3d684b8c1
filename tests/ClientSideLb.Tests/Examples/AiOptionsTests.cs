using AiEndpoints;

namespace ClientSideLb.Tests.Examples;

public sealed class AiOptionsTests
{
    [Fact]
    public void By_default_each_part_lasts_two_minutes_of_the_quota() =>
        Assert.Equal(new AiOptions(2), AiOptions.Parse([]));

    [Theory]
    [InlineData("--minutes", "3")]
    [InlineData("--minutes=3")]
    public void The_time_can_be_set(params string[] args) =>
        Assert.Equal(3, AiOptions.Parse(args).Minutes);

    [Fact]
    public void Help_comes_before_everything_else() =>
        Assert.True(AiOptions.Parse(["--minutes", "x", "--help"]).ShowHelp);

    [Theory]
    [InlineData("--minutes needs a value; see --help.", "--minutes")]
    [InlineData("--minutes is 'many'; expected a whole number from 1 to 100.", "--minutes", "many")]
    [InlineData("--minutes is '0'; expected a whole number from 1 to 100.", "--minutes=0")]
    [InlineData("--minutes is '101'; expected a whole number from 1 to 100.", "--minutes", "101")]
    [InlineData("'--foo 3' is not understood; expected --minutes N or --help.", "--foo", "3")]
    public void A_wrong_argument_is_refused_with_what_is_expected(string expected, params string[] args) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => AiOptions.Parse(args)).Message);
}
