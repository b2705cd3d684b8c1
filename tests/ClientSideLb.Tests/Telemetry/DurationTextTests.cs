using System.Globalization;
using System.Text.RegularExpressions;

namespace ClientSideLb.Tests;

public sealed partial class DurationTextTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(1, "0.0001 ms")]
    [InlineData(5_000, "0.5 ms")]
    [InlineData(2_500_000, "250 ms")]
    [InlineData(9_994_000, "999 ms")]
    [InlineData(9_996_000, "1 s")]
    [InlineData(99_600_000, "9.96 s")]
    [InlineData(99_600_001, "9.96 s")]
    [InlineData(100_000_000, "10 s")]
    [InlineData(599_960_000, "1 min")]
    [InlineData(900_000_000, "1.5 min")]
    [InlineData(36_000_000_000, "1 h")]
    [InlineData(37_234_000_000, "1.03 h")]
    [InlineData(864_000_000_000, "1 d")]
    [InlineData(1_234_567_890_000_000, "1430 d")]
    [InlineData(-2_500_000, "-250 ms")]
    public void A_duration_has_the_largest_unit_of_which_there_is_one_and_three_digits(long ticks, string text) =>
        Assert.Equal(text, DurationText.Of(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void Any_duration_has_at_most_three_significant_digits_and_is_near_to_what_it_says()
    {
        var random = new SeededRandom(7);
        for (var i = 0; i < 10_000; i++)
        {
            var duration = TimeSpan.FromTicks((long)Math.Exp(random.NextDouble() * Math.Log(TimeSpan.FromDays(900).Ticks)));

            var match = Form().Match(DurationText.Of(duration));

            Assert.True(match.Success, DurationText.Of(duration));
            var digits = match.Groups[1].Value.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
            Assert.InRange(digits.Length, 1, 3);
            var told = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * UnitOf(match.Groups[2].Value).Ticks;
            Assert.InRange(told / duration.Ticks, 0.994, 1.006);
        }
    }

    [Fact]
    public void The_culture_of_the_application_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("1.5 min", DurationText.Of(TimeSpan.FromSeconds(90)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [GeneratedRegex(@"^(\d+(?:\.\d+)?) (ms|s|min|h|d)$")]
    private static partial Regex Form();

    private static TimeSpan UnitOf(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "min" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };
}
