namespace ClientSideLb.Tests;

public sealed class AdaptiveLimitTests
{
    private int _limit = AdaptiveLimit.InitialLimit;
    private TimeSpan _now;

    [Fact]
    public void The_limit_grows_while_answers_stay_as_fast_as_without_load()
    {
        var adaptive = Create();
        for (var i = 0; i < 2_000; i++)
        {
            Answer(adaptive, milliseconds: 10);
        }

        Assert.True(_limit > 100);
    }

    [Fact]
    public void A_limit_that_is_not_reached_does_not_grow()
    {
        var adaptive = Create();
        for (var i = 0; i < 2_000; i++)
        {
            Answer(adaptive, milliseconds: 10, inFlight: 5);
        }

        Assert.Equal(AdaptiveLimit.InitialLimit, _limit);
    }

    [Fact]
    public void The_limit_falls_while_answers_are_slower()
    {
        var adaptive = Create();
        Answers(adaptive, 30, milliseconds: 10);
        var before = _limit;
        Answers(adaptive, 60, milliseconds: 40);

        Assert.InRange(_limit, 1, before - 1);
    }

    [Fact]
    public void While_the_latency_without_load_is_measured_only_few_requests_are_in_flight()
    {
        var adaptive = Create();
        AnswerUntilMeasured(adaptive);

        // Those that began before the measurement do not count, and 50 end it.
        Answers(adaptive, 5, milliseconds: 30);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(AdaptiveLimit.MeasuringLimit, _limit);
            Answer(adaptive, milliseconds: 5, inFlight: 3);
        }

        Assert.True(_limit > AdaptiveLimit.MeasuringLimit);

        // What was fast enough before is slow now.
        var before = _limit;
        Answers(adaptive, 40, milliseconds: 30);
        Assert.True(_limit < before);
    }

    [Fact]
    public void A_measurement_without_traffic_ends_with_the_first_answer_after_two_seconds()
    {
        var adaptive = Create();
        AnswerUntilMeasured(adaptive);

        _now += TimeSpan.FromSeconds(2.1);
        Answer(adaptive, milliseconds: 5, inFlight: 1);
        Assert.True(_limit > AdaptiveLimit.MeasuringLimit);
    }

    [Fact]
    public void An_endpoint_with_little_traffic_is_never_held_back()
    {
        var adaptive = Create();
        for (var i = 0; i < 10_000; i++)
        {
            Answer(adaptive, milliseconds: 10 + (i % 7), inFlight: 2);
            Assert.Equal(AdaptiveLimit.InitialLimit, _limit);
        }
    }

    [Fact]
    public void Requests_that_are_dropped_lower_the_limit_down_to_1()
    {
        var adaptive = Create();
        for (var i = 0; i < 3_000; i++)
        {
            Answer(adaptive, milliseconds: 1, isDropped: true);
            Assert.InRange(_limit, 1, AdaptiveLimit.InitialLimit);
        }

        Assert.Equal(1, _limit);
    }

    [Fact]
    public void The_limit_is_never_above_the_ceiling_and_rises_when_that_does()
    {
        var adaptive = Create();
        adaptive.SetCeiling(7);
        Assert.Equal(7, _limit);
        for (var i = 0; i < 500; i++)
        {
            Answer(adaptive, milliseconds: 10);
            Assert.InRange(_limit, 1, 7);
        }

        adaptive.SetCeiling(int.MaxValue);
        Assert.True(_limit > 7);
    }

    [Fact]
    public void After_its_end_the_adaptation_applies_nothing()
    {
        var adaptive = Create();
        adaptive.End();
        Answers(adaptive, 100, milliseconds: 10);
        adaptive.SetCeiling(5);

        Assert.Equal(AdaptiveLimit.InitialLimit, _limit);
    }

    private AdaptiveLimit Create() => new(limit => _limit = limit, jitter: 0);

    private void Answers(AdaptiveLimit adaptive, int count, double milliseconds)
    {
        for (var i = 0; i < count; i++)
        {
            Answer(adaptive, milliseconds);
        }
    }

    private void AnswerUntilMeasured(AdaptiveLimit adaptive)
    {
        for (var i = 0; i < 400 && _limit != AdaptiveLimit.MeasuringLimit; i++)
        {
            Answer(adaptive, milliseconds: 30);
        }

        Assert.Equal(AdaptiveLimit.MeasuringLimit, _limit);
    }

    // An answer every 5 ms, by default with as many requests in flight as may be.
    private void Answer(AdaptiveLimit adaptive, double milliseconds, int? inFlight = null, bool isDropped = false)
    {
        _now += TimeSpan.FromMilliseconds(5);
        adaptive.Observe(TimeSpan.FromMilliseconds(milliseconds), _now, inFlight ?? _limit, isDropped);
    }
}
