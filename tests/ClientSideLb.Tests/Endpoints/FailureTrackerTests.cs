using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class FailureTrackerTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Start = 1000 * Second;

    private long _now = Start;
    private readonly FailureTracker _tracker = new();
    private readonly OutlierSettings _settings =
        new OutlierDetectionOptions { ConsecutiveFailures = 3, MinimumRequests = 10, FailureRate = 0.5 }.ToSettings(new FakeTimeProvider());

    [Fact]
    public void A_threshold_of_failures_in_a_row_makes_an_outlier() =>
        Assert.Equal([false, false, true, true], [Fails(), Fails(), Fails(), Fails()]);

    [Fact]
    public void A_success_breaks_the_row()
    {
        Fails();
        Fails();

        Succeeds();

        Assert.Equal([false, false, true], [Fails(), Fails(), Fails()]);
    }

    [Fact]
    public void Failures_in_a_row_may_be_far_apart()
    {
        Assert.Equal([false, false, true], [Fails(Start), Fails(Start + (3600 * Second)), Fails(Start + (7200 * Second))]);
    }

    [Fact]
    public void A_failure_rate_at_the_limit_makes_an_outlier_without_failures_in_a_row()
    {
        var outlier = false;
        for (var i = 0; i < 5; i++)
        {
            Assert.False(outlier);
            Succeeds();
            outlier = Fails();
        }

        Assert.True(outlier);
    }

    [Fact]
    public void The_failure_rate_is_that_of_the_whole_window_wherever_it_begins()
    {
        var settings = new OutlierDetectionOptions { ConsecutiveFailures = 100, MinimumRequests = 4, FailureRate = 0.6, Window = TimeSpan.FromSeconds(30) }
            .ToSettings(new FakeTimeProvider());
        for (var second = 0; second < 30; second++)
        {
            var tracker = new FailureTracker();
            var start = Start + (second * Second);
            for (var i = 0; i < 3; i++)
            {
                tracker.ObserveSuccess(start + (i * 4 * Second), settings);
            }

            // Three of six, and never three of four.
            for (var i = 3; i < 6; i++)
            {
                Assert.Null(tracker.ObserveFailure(start + (i * 4 * Second), settings));
            }
        }
    }

    [Fact]
    public void A_body_that_breaks_counts_among_all_requests_of_the_window()
    {
        var settings = new OutlierDetectionOptions { ConsecutiveFailures = 100, MinimumRequests = 4, FailureRate = 0.6, Window = TimeSpan.FromSeconds(30) }
            .ToSettings(new FakeTimeProvider());
        for (var second = 0; second < 30; second++)
        {
            var tracker = new FailureTracker();
            var start = Start + (second * Second);
            for (var i = 0; i < 6; i++)
            {
                tracker.ObserveSuccess(start + (i * 4 * Second), settings);
            }

            for (var i = 3; i < 6; i++)
            {
                Assert.Null(tracker.ObserveBrokenBody(start + (i * 4 * Second) + 1, settings));
            }
        }
    }

    [Fact]
    public void A_failure_rate_below_the_limit_makes_no_outlier()
    {
        for (var i = 0; i < 200; i++)
        {
            Succeeds(Start + i);
            Succeeds(Start + i);
            Assert.False(Fails(Start + i));
        }
    }

    [Fact]
    public void The_failure_rate_counts_from_the_minimum_of_requests_on()
    {
        Assert.Equal([false, false], [Fails(), Fails()]);
        Succeeds();
        Assert.Equal([false, false], [Fails(), Fails()]);
        Succeeds();
        Assert.Equal([false, false], [Fails(), Fails()]);
        Succeeds();

        Assert.True(Fails());
    }

    [Fact]
    public void Failures_of_long_ago_do_not_count_in_the_failure_rate()
    {
        for (var i = 0; i < 4; i++)
        {
            Succeeds();
            Fails();
        }

        Succeeds(Start + (60 * Second));

        Assert.False(Fails(Start + (60 * Second)));
    }

    [Fact]
    public void A_threshold_of_requests_given_up_after_a_silence_makes_an_outlier() =>
        Assert.Equal([false, false, true], [GivenUp(), GivenUp(), GivenUp()]);

    [Fact]
    public void A_request_given_up_although_the_endpoint_gave_a_sign_of_life_breaks_the_row() =>
        Assert.Equal(
            [false, false, false, false, false, true],
            [GivenUp(), GivenUp(), GivenUp(isSilent: false), GivenUp(), GivenUp(), GivenUp()]);

    [Fact]
    public void A_sign_of_life_after_the_first_request_was_given_up_begins_a_new_row()
    {
        GivenUp();
        GivenUp();

        _tracker.ObserveSignOfLife(_now);

        Assert.Equal([false, false, true], [GivenUp(), GivenUp(), GivenUp()]);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void An_endpoint_is_silent_if_its_latest_sign_of_life_is_too_long_ago(long later, bool isSilent)
    {
        _tracker.ObserveSignOfLife(Start + Second + later);

        Assert.Equal(isSilent, _tracker.IsSilent(Start, _tracker.UntimedSigns, Start + (2 * Second), Second));
    }

    [Fact]
    public void An_endpoint_is_not_silent_before_a_request_has_waited_long_enough()
    {
        Assert.False(_tracker.IsSilent(Start, _tracker.UntimedSigns, Start + Second - 1, Second));
        Assert.True(_tracker.IsSilent(Start, _tracker.UntimedSigns, Start + Second, Second));
    }

    [Fact]
    public void A_sign_of_life_without_a_time_since_the_request_was_sent_ends_the_silence()
    {
        var before = _tracker.UntimedSigns;

        _tracker.ObserveSignOfLife();

        Assert.False(_tracker.IsSilent(Start, before, Start + (60 * Second), Second));
    }

    [Fact]
    public void Failures_and_unanswered_requests_do_not_add_up_to_one_row()
    {
        Fails();
        Fails();

        Assert.Equal([false, false], [GivenUp(), GivenUp()]);
    }

    [Fact]
    public void A_threshold_of_broken_bodies_in_a_row_makes_an_outlier_however_good_their_headers() =>
        Assert.Equal([false, false, true], [BreaksOff(), BreaksOff(), BreaksOff()]);

    [Fact]
    public void A_whole_body_breaks_the_row_of_broken_ones()
    {
        BreaksOff();
        BreaksOff();

        _tracker.ObserveWholeBody();

        Assert.Equal([false, false], [BreaksOff(), BreaksOff()]);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void A_broken_body_counts_as_one_failed_request_and_not_as_another_request(int broken, bool isOutlier)
    {
        for (var i = broken; i < 10; i++)
        {
            Succeeds();
        }

        var outlier = false;
        for (var i = 0; i < broken; i++)
        {
            _tracker.ObserveWholeBody();
            outlier = BreaksOff();
        }

        Assert.Equal(isOutlier, outlier);
    }

    [Fact]
    public void A_cleared_tracker_starts_from_zero()
    {
        Fails();
        Fails();
        GivenUp();
        GivenUp();
        for (var i = 0; i < 20; i++)
        {
            _tracker.ObserveSuccess(Start, _settings);
        }

        Fails();
        Fails();
        BreaksOff();
        BreaksOff();

        _tracker.Clear();

        Assert.Equal([false, false], [Fails(), Fails()]);
        Assert.Equal([false, false], [BreaksOff(), BreaksOff()]);
        Assert.Equal([false, false], [GivenUp(), GivenUp()]);
    }

    [Fact]
    public void Exactly_one_of_many_threads_gets_to_the_limit_first()
    {
        var settings = new OutlierDetectionOptions { ConsecutiveFailures = 4000, MinimumRequests = int.MaxValue }.ToSettings(new FakeTimeProvider());
        var outliers = 0;

        Concurrently.Run(4, _ =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (_tracker.ObserveFailure(Start, settings) is not null)
                {
                    Interlocked.Increment(ref outliers);
                }
            }
        });

        Assert.Equal(1, outliers);
    }

    private bool Fails(long now = Start) => _tracker.ObserveFailure(now, _settings) is not null;

    private bool BreaksOff()
    {
        Succeeds();
        return _tracker.ObserveBrokenBody(Start, _settings) is not null;
    }

    private void Succeeds(long now = Start) => _tracker.ObserveSuccess(now, _settings);

    private bool GivenUp(bool isSilent = true) => _tracker.ObserveUnanswered(isSilent, ++_now, _settings) is not null;
}
