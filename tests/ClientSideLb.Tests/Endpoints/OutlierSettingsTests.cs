using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class OutlierSettingsTests
{
    [Fact]
    public void Half_of_the_endpoints_but_at_least_one_may_be_out()
    {
        var settings = new OutlierDetectionOptions().ToSettings(new FakeTimeProvider());

        Assert.Equal(
            [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10],
            Enumerable.Range(1, 20).Select(settings.GetMaxOut));
    }

    [Theory]
    [InlineData(0, 100, 1)]
    [InlineData(0.1, 9, 1)]
    [InlineData(0.1, 10, 1)]
    [InlineData(0.1, 20, 2)]
    [InlineData(0.34, 3, 1)]
    [InlineData(0.7, 10, 7)]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.58, 50, 29)]
    [InlineData(1, 5, 5)]
    public void The_ratio_is_rounded_down_to_at_least_one_endpoint(double ratio, int endpoints, int expected) =>
        Assert.Equal(expected, new OutlierDetectionOptions { MaxEjectionRatio = ratio }.ToSettings(new FakeTimeProvider()).GetMaxOut(endpoints));

    [Fact]
    public void Times_are_in_the_units_of_the_clock()
    {
        var settings = new OutlierDetectionOptions().ToSettings(TimeProvider.System);

        var second = TimeProvider.System.TimestampFrequency;
        Assert.Equal(
            [10 * second, 10 * second, 300 * second, second],
            [settings.Window, settings.BaseEjectionTime, settings.MaxEjectionTime, settings.UnansweredWait]);
    }
}
