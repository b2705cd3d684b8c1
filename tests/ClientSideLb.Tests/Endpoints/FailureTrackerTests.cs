using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class FailureTrackerTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Start = 1000 * Second;

    private readonly FailureTracker _tracker = new();
    private readonly OutlierSettings _settings =
        new OutlierDetectionOptions { ConsecutiveFailures = 3, MinimumRequests = 10, FailureRate = 0.5 }.ToSettings(new FakeTimeProvider());

    [Fact]
    public void So_many_failures_in_a_row_make_an_outlier() =>
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
    public void A_failure_rate_that_is_reached_makes_an_outlier_although_none_fails_in_a_row()
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
    public void A_failure_rate_below_the_limit_makes_none()
    {
        for (var i = 0; i < 200; i++)
        {
            Succeeds(Start + i);
            Succeeds(Start + i);
            Assert.False(Fails(Start + i));
        }
    }

    [Fact]
    public void The_rate_counts_from_the_minimum_of_requests_on()
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
    public void Failures_of_long_ago_are_not_in_the_rate()
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
    public void A_request_given_up_before_the_wait_is_over_says_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.False(GivenUp(_tracker.Answers, after: Second - 1));
        }
    }

    [Fact]
    public void So_many_requests_in_a_row_given_up_after_the_wait_make_an_outlier() =>
        Assert.Equal([false, false, true], [GivenUp(_tracker.Answers), GivenUp(_tracker.Answers), GivenUp(_tracker.Answers)]);

    [Fact]
    public void An_answer_that_came_before_the_first_of_them_was_sent_changes_nothing()
    {
        _tracker.ObserveAnswer();
        var before = _tracker.Answers;

        Assert.Equal([false, false, true], [GivenUp(before), GivenUp(before), GivenUp(before)]);
    }

    [Fact]
    public void An_answer_after_the_request_was_sent_says_that_the_endpoint_is_slow_and_not_dead()
    {
        var before = _tracker.Answers;
        _tracker.ObserveAnswer();

        Assert.Equal([false, false, false], [GivenUp(before), GivenUp(before), GivenUp(before)]);
    }

    [Fact]
    public void An_answer_to_any_request_since_the_first_was_sent_breaks_the_row()
    {
        GivenUp(_tracker.Answers);
        GivenUp(_tracker.Answers);

        _tracker.ObserveAnswer();

        Assert.Equal([false, false, true], [GivenUp(_tracker.Answers), GivenUp(_tracker.Answers), GivenUp(_tracker.Answers)]);
    }

    [Fact]
    public void One_that_was_sent_before_the_answer_breaks_the_row_of_those_sent_after_it()
    {
        var before = _tracker.Answers;
        _tracker.ObserveAnswer();
        var after = _tracker.Answers;

        Assert.Equal([false, false, false, false, false, true], [GivenUp(after), GivenUp(after), GivenUp(before), GivenUp(after), GivenUp(after), GivenUp(after)]);
    }

    [Fact]
    public void Rows_of_failures_and_of_unanswered_requests_are_counted_apart()
    {
        Fails();
        Fails();

        Assert.Equal([false, false], [GivenUp(_tracker.Answers), GivenUp(_tracker.Answers)]);
    }

    [Fact]
    public void So_many_broken_bodies_in_a_row_make_an_outlier_however_good_their_headers() =>
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
    public void A_broken_body_is_one_failed_request_of_the_rate_and_not_a_request_more(int broken, bool isOutlier)
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
    public void Cleared_it_starts_anew()
    {
        Fails();
        Fails();
        GivenUp(_tracker.Answers);
        GivenUp(_tracker.Answers);
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
        Assert.Equal([false, false], [GivenUp(_tracker.Answers), GivenUp(_tracker.Answers)]);
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

    private bool GivenUp(int answersBefore, long after = Second) => _tracker.ObserveUnanswered(answersBefore, after, _settings) is not null;
}
