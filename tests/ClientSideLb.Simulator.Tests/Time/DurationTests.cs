namespace ClientSideLb.Simulator.Tests.Time;

public sealed class DurationTests
{
    [Theory]
    [InlineData("250us", 0.00025)]
    [InlineData("10ms", 0.01)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2m", 120.0)]
    [InlineData("1h", 3600.0)]
    [InlineData("00:01:30", 90.0)]
    [InlineData(" 3 s ", null)]
    [InlineData("-3s", null)]
    [InlineData("10", null)]
    [InlineData("ms", null)]
    [InlineData("1e300h", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_time_is_read_in_the_form_that_people_write(string? text, double? seconds)
    {
        Assert.Equal(seconds is not null, Duration.TryParse(text, out var time));
        Assert.Equal(seconds ?? 0, time.TotalSeconds, 9);
    }

    [Theory]
    [InlineData(0.0, "0 s")]
    [InlineData(0.00025, "250 µs")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(1.5, "1.50 s")]
    [InlineData(90.0, "90.0 s")]
    [InlineData(600.0, "10.0 min")]
    public void A_time_is_shown_in_a_unit_that_fits_its_size(double seconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromSeconds(seconds)));
}
