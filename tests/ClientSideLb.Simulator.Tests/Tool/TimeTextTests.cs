using ClientSideLb.Simulator.Tool;
using CsCheck;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("00:00:30", "30s")]
    [InlineData("00:01:30", "90s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("1.00:00:00", "24h")]
    [InlineData("00:00:00.5", "500ms")]
    [InlineData("00:00:00.00025", "250us")]
    [InlineData("0", "0s")]
    [InlineData("00:00:00.0000001", "00:00:00.0000001")]
    public void A_time_is_written_in_the_largest_unit_that_needs_no_point(string time, string text) =>
        Assert.Equal(text, TimeText.Format(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void What_is_written_is_read_as_the_same_time() =>
        Gen.Long[0, TimeSpan.TicksPerDay * 10].Sample(static ticks =>
        {
            Assert.True(Duration.TryParse(TimeText.Format(TimeSpan.FromTicks(ticks)), out var time));
            Assert.Equal(ticks, time.Ticks);
        });
}
