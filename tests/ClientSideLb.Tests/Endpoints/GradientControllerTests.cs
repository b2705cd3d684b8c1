namespace ClientSideLb.Tests;

public sealed class GradientControllerTests
{
    /// <summary>The values that Envoy's gradient controller gives with its default buffer of 25 %.</summary>
    [Theory]
    [InlineData(8, 168)]
    [InlineData(10, 136)]
    [InlineData(12.5, 110)]
    [InlineData(20, 70)]
    [InlineData(50, 57)]
    public void The_next_limit_is_that_of_Envoy(double milliseconds, int limit) =>
        Assert.Equal(limit, (int)GradientController.GetNext(100, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void The_limit_stays_between_1_and_1000()
    {
        Assert.Equal(1, GradientController.GetNext(1, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)), tolerance: 0.25);
        Assert.Equal(1000, GradientController.GetNext(1000, TimeSpan.FromSeconds(1), TimeSpan.Zero));
    }
}
