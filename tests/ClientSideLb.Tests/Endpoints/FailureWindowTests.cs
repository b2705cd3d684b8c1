using CsCheck;

namespace ClientSideLb.Tests;

public sealed class FailureWindowTests
{
    private const long Window = 1000;
    private const long Start = 50_000;

    // The buckets of the shortest window here are 62 units long, so at least 15 * 62 = 930 units are in force.
    private static readonly Gen<(long Window, (long Pause, int Kind)[] Events)> GenEvents =
        from window in Gen.Long[1_000, 20_000_000_000]
        from events in Gen.Select(Gen.Long[0, window / 4], Gen.Int[0, 2]).Array[1, 40]
        select (window, events);

    private readonly FailureWindow _window = new();

    [Fact]
    public void The_window_counts_requests_and_failures()
    {
        Add(Start, succeeded: 3, failed: 2);

        Assert.Equal((5, 2), _window.Read(Start, Window));
    }

    [Fact]
    public void The_window_in_force_is_nine_tenths_of_the_option_at_least_and_never_longer() =>
        Gen.Select(GenEvents, Gen.Long[0, 1_000_000_000_000_000_000]).Sample((scenario, start) =>
        {
            var window = new FailureWindow();
            var (now, added) = (start, new List<(long Time, int Requests, int Failures)>());
            foreach (var (pause, kind) in scenario.Events)
            {
                now += pause;
                switch (kind)
                {
                    case 0:
                        window.AddSuccess(now, scenario.Window);
                        break;
                    case 1:
                        window.AddFailure(now, scenario.Window);
                        break;
                    default:
                        window.TurnSuccessIntoFailure(now, scenario.Window);
                        break;
                }

                added.Add((now, kind == 2 ? 0 : 1, kind == 0 ? 0 : 1));
                var (requests, failures) = window.Read(now, scenario.Window);

                Assert.InRange(requests, added.Where(one => IsRecent(one.Time)).Sum(one => one.Requests), added.Where(one => IsInWindow(one.Time)).Sum(one => one.Requests));
                Assert.InRange(failures, added.Where(one => IsRecent(one.Time)).Sum(one => one.Failures), added.Where(one => IsInWindow(one.Time)).Sum(one => one.Failures));
            }

            bool IsRecent(long time) => (now - time) * 10 <= scenario.Window * 9;
            bool IsInWindow(long time) => now - time < scenario.Window;
        });

    [Fact]
    public void Three_successes_and_three_failures_within_two_thirds_of_the_window_are_half()
    {
        for (var start = Start; start < Start + Window; start++)
        {
            var window = new FailureWindow();
            for (var i = 0; i < 3; i++)
            {
                window.AddSuccess(start + (i * Window / 9), Window);
            }

            for (var i = 3; i < 6; i++)
            {
                window.AddFailure(start + (i * Window / 9), Window);
            }

            Assert.Equal((6, 3), window.Read(start + (2 * Window / 3), Window));
        }
    }

    [Fact]
    public void A_body_that_breaks_late_turns_a_request_of_the_same_window_into_a_failure()
    {
        Add(Start, succeeded: 4, failed: 0);

        _window.TurnSuccessIntoFailure(Start + (Window * 9 / 10), Window);

        Assert.Equal((4, 1), _window.Read(Start + (Window * 9 / 10), Window));
    }

    [Fact]
    public void All_parts_of_the_window_count()
    {
        for (var i = 0; i < 9; i++)
        {
            Add(Start + (i * Window / 10), succeeded: 4, failed: 1);
        }

        Assert.Equal((45, 9), _window.Read(Start + (9 * Window / 10), Window));
    }

    [Fact]
    public void Counts_older_than_the_window_are_forgotten()
    {
        Add(Start + 499, succeeded: 4, failed: 1);
        Add(Start + 700, succeeded: 1, failed: 0);

        Assert.Equal((1, 0), _window.Read(Start + 1499, Window));
    }

    [Fact]
    public void All_counts_are_forgotten_after_a_pause()
    {
        Add(Start, succeeded: 4, failed: 1);

        Assert.Equal((0, 0), _window.Read(Start + (100 * Window), Window));
        Add(Start + (100 * Window), succeeded: 0, failed: 1);
        Assert.Equal((1, 1), _window.Read(Start + (100 * Window), Window));
    }

    [Fact]
    public void A_cleared_window_counts_from_zero()
    {
        Add(Start, succeeded: 4, failed: 1);
        Add(Start + 500, succeeded: 4, failed: 1);

        _window.Clear();

        Assert.Equal((0, 0), _window.Read(Start + 500, Window));
    }

    [Fact]
    public void A_thread_that_read_the_clock_just_before_the_next_bucket_began_does_not_throw_the_counts_away()
    {
        Add(Start + 499, succeeded: 8, failed: 2);
        Add(Start + 500, succeeded: 1, failed: 1);

        Add(Start + 499, succeeded: 1, failed: 0);

        Assert.Equal((13, 3), _window.Read(Start + 500, Window));
    }

    [Fact]
    public void A_late_result_counts_in_the_latest_half_and_moves_nothing_back()
    {
        Add(Start + (5 * Window), succeeded: 2, failed: 1);

        Add(Start, succeeded: 3, failed: 0);

        Assert.Equal((6, 1), _window.Read(Start + (5 * Window), Window));
    }

    [Fact]
    public void A_request_that_fails_late_does_not_count_twice()
    {
        Add(Start, succeeded: 3, failed: 0);

        _window.TurnSuccessIntoFailure(Start, Window);

        Assert.Equal((3, 1), _window.Read(Start, Window));
    }

    [Theory]
    [InlineData(10 * Window)]
    [InlineData(Window / 10)]
    public void Successes_alone_move_the_window_on_when_its_length_has_changed(long changed)
    {
        Add(Start, succeeded: 8, failed: 2);

        _window.AddSuccess(Start, changed);
        _window.AddSuccess(Start + (3 * changed), changed);

        Assert.Equal((1, 0), _window.Read(Start + (3 * changed), changed));
    }

    [Theory]
    [InlineData(10 * Window)]
    [InlineData(Window / 10)]
    public void The_window_moves_on_when_its_length_has_changed(long changed)
    {
        Add(Start, succeeded: 8, failed: 2);

        Assert.Equal((0, 0), _window.Read(Start + (3 * changed), changed));
    }

    [Fact]
    public void A_hundred_thousand_failures_are_counted_exactly()
    {
        Add(Start, succeeded: 0, failed: 100_000);

        Assert.Equal((100_000, 100_000), _window.Read(Start, Window));
    }

    [Fact]
    public void Threads_that_count_together_lose_nothing_within_one_bucket()
    {
        Concurrently.Run(4, index =>
        {
            for (var i = 0; i < 5000; i++)
            {
                Add(Start, succeeded: index == 0 ? 0 : 1, failed: index == 0 ? 1 : 0);
            }
        });

        Assert.Equal((20_000, 5000), _window.Read(Start, Window));
    }

    [Fact]
    public void Threads_that_count_together_lose_nothing_while_the_window_moves_on()
    {
        const int Each = 20_000;
        var clock = Start;
        Concurrently.Run(4, _ =>
        {
            // All counts fit in one window. Its buckets change all the time.
            for (var i = 0; i < Each; i++)
            {
                _window.AddSuccess(Interlocked.Increment(ref clock), window: 4 * Each * 2);
            }
        });

        Assert.Equal((4 * Each, 0), _window.Read(clock, window: 4 * Each * 2));
    }

    private void Add(long now, int succeeded, int failed)
    {
        for (var i = 0; i < succeeded; i++)
        {
            _window.AddSuccess(now, Window);
        }

        for (var i = 0; i < failed; i++)
        {
            _window.AddFailure(now, Window);
        }
    }
}
