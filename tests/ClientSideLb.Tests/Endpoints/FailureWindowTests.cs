namespace ClientSideLb.Tests;

public sealed class FailureWindowTests
{
    private const long Window = 1000;
    private const long Start = 50_000;

    private readonly FailureWindow _window = new();

    [Fact]
    public void The_window_counts_requests_and_failures()
    {
        Add(Start, succeeded: 3, failed: 2);

        Assert.Equal((5, 2), _window.Read(Start, Window));
    }

    [Fact]
    public void Counts_of_less_than_half_a_window_ago_remain()
    {
        Add(Start + 499, succeeded: 1, failed: 1);

        Assert.Equal((2, 1), _window.Read(Start + 998, Window));
    }

    [Fact]
    public void Both_halves_of_the_window_count()
    {
        Add(Start, succeeded: 4, failed: 1);
        Add(Start + 500, succeeded: 2, failed: 3);

        Assert.Equal((10, 4), _window.Read(Start + 999, Window));
    }

    [Fact]
    public void Counts_older_than_the_window_are_forgotten()
    {
        Add(Start + 499, succeeded: 4, failed: 1);
        Add(Start + 500, succeeded: 1, failed: 0);

        Assert.Equal((1, 0), _window.Read(Start + 1000, Window));
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
    public void A_thread_that_read_the_clock_just_before_the_next_half_began_does_not_throw_the_counts_away()
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

        _window.FailLate(Start, Window);

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
    public void Threads_that_count_together_lose_nothing_within_one_half()
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
