namespace ClientSideLb.Tests;

public sealed class SlowStartRampTests
{
    private const long Duration = 1000;

    private readonly SlowStartRamp _ramp = new();

    [Fact]
    public void An_endpoint_that_was_never_out_has_its_full_share()
    {
        Assert.False(_ramp.Advance(now: 5, Duration));
        Assert.Equal(100, _ramp.Percent);
    }

    [Theory]
    [InlineData(0, 10, true)]
    [InlineData(100, 19, true)]
    [InlineData(500, 55, true)]
    [InlineData(999, 99, true)]
    [InlineData(1000, 100, false)]
    [InlineData(5000, 100, false)]
    public void The_share_grows_in_a_straight_line_from_a_tenth(long elapsed, int percent, bool onItsWay)
    {
        _ramp.MarkOut();
        _ramp.Advance(now: 300, Duration);

        Assert.Equal(onItsWay, _ramp.Advance(300 + elapsed, Duration));
        Assert.Equal(percent, _ramp.Percent);
    }

    [Fact]
    public void Slow_start_begins_when_the_endpoint_is_available_again_however_long_it_was_out()
    {
        _ramp.MarkOut();
        _ramp.MarkOut();

        Assert.True(_ramp.Advance(now: 50_000, Duration));
        Assert.Equal(10, _ramp.Percent);
    }

    [Fact]
    public void An_endpoint_that_goes_out_during_slow_start_begins_again_with_a_tenth()
    {
        _ramp.MarkOut();
        _ramp.Advance(0, Duration);
        _ramp.Advance(900, Duration);

        _ramp.MarkOut();
        _ramp.Advance(950, Duration);

        Assert.Equal(10, _ramp.Percent);
    }

    [Fact]
    public void Slow_start_does_not_begin_again_by_itself()
    {
        _ramp.MarkOut();
        _ramp.Advance(0, Duration);
        _ramp.Advance(Duration, Duration);

        Assert.False(_ramp.Advance(Duration + 1, 10 * Duration));
        Assert.Equal(100, _ramp.Percent);
    }

    [Fact]
    public void An_endpoint_has_its_full_share_at_once_without_slow_start()
    {
        _ramp.MarkOut();

        Assert.False(_ramp.Advance(0, duration: 0));
        Assert.Equal(100, _ramp.Percent);
    }

    [Fact]
    public void Slow_start_ends_when_it_is_switched_off()
    {
        _ramp.MarkOut();
        _ramp.Advance(0, Duration);

        Assert.False(_ramp.Advance(10, duration: 0));
        Assert.Equal(100, _ramp.Percent);
    }

    [Fact]
    public void The_share_stays_between_a_tenth_and_all_and_falls_only_when_the_endpoint_goes_out()
    {
        foreach (var sequence in Sequences.Of(["out", "soon", "later", "much later"], length: 7))
        {
            var ramp = new SlowStartRamp();
            var now = 0L;
            var wasOut = false;
            var before = 100;
            foreach (var happens in sequence)
            {
                now += happens switch { "soon" => 1, "later" => 400, "much later" => 2000, _ => 0 };
                if (happens == "out")
                {
                    ramp.MarkOut();
                    wasOut = true;
                    continue;
                }

                var onItsWay = ramp.Advance(now, Duration);

                Assert.InRange(ramp.Percent, 10, 100);
                Assert.Equal(onItsWay, ramp.Percent < 100);
                Assert.True(wasOut ? ramp.Percent == 10 : ramp.Percent >= before, $"{string.Join(", ", sequence)}: {before} became {ramp.Percent}.");
                (wasOut, before) = (false, ramp.Percent);
            }
        }
    }
}
