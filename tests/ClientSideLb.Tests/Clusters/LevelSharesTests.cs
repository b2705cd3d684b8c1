namespace ClientSideLb.Tests;

/// <summary>The shares of levels are those of Envoy's priority levels.</summary>
public sealed class LevelSharesTests
{
    private const double Factor = 1.4;

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(72, 100, 0)]
    [InlineData(71, 99, 1)]
    [InlineData(50, 70, 30)]
    [InlineData(25, 35, 65)]
    [InlineData(0, 0, 100)]
    public void A_level_serves_what_it_can_and_leaves_the_rest_to_the_next_one(int available, int first, int second) =>
        Assert.Equal([first, second], LevelShares.Compute([(available, 100), (100, 100)], Factor));

    [Fact]
    public void Levels_that_cannot_serve_everything_share_it_by_what_they_can()
    {
        Assert.Equal([50, 50], LevelShares.Compute([(25, 100), (25, 100)], Factor));
        Assert.Equal([34, 33, 33], LevelShares.Compute([(10, 100), (10, 100), (10, 100)], Factor));
    }

    [Fact]
    public void The_remainder_goes_to_the_first_level_that_serves_anything() =>
        Assert.Equal([0, 34, 33, 33], LevelShares.Compute([(0, 5), (1, 10), (1, 10), (1, 10)], Factor));

    [Fact]
    public void If_nothing_is_available_the_sizes_decide()
    {
        Assert.Equal([75, 25], LevelShares.Compute([(0, 3), (0, 1)], Factor));
        Assert.Equal([100, 0], LevelShares.Compute([(0, 3), (0, 0)], Factor));
        Assert.Equal([0, 0], LevelShares.Compute([(0, 0), (0, 0)], Factor));
    }

    [Fact]
    public void If_less_than_one_per_cent_is_available_everywhere_the_available_endpoints_decide()
    {
        Assert.Equal([0, 100], LevelShares.Compute([(0, 200), (1, 200)], Factor));
        Assert.Equal([75, 25], LevelShares.Compute([(3, 1000), (1, 1000)], Factor));
    }

    [Theory]
    [InlineData(1.0, 3, 75)]
    [InlineData(2.0, 2, 100)]
    [InlineData(1.4, 5, 100)]
    public void The_factor_says_how_much_more_than_its_share_an_endpoint_takes(double factor, int available, int first) =>
        Assert.Equal([first, 100 - first], LevelShares.Compute([(available, factor == Factor ? 7 : 4), (4, 4)], factor));
}
