namespace ClientSideLb.Tests;

public sealed class FailureWindowTests
{
    private const long Window = 1000;
    private const long Start = 50_000;

    private readonly FailureWindow _window = new();

    [Fact]
    public void It_counts_requests_and_those_that_failed()
    {
        Add(Start, succeeded: 3, failed: 2);

        Assert.Equal((5, 2), _window.Read(Start, Window));
    }

    [Fact]
    public void What_was_counted_less_than_half_the_time_ago_is_there()
    {
        Add(Start + 499, succeeded: 1, failed: 1);

        Assert.Equal((2, 1), _window.Read(Start + 998, Window));
    }

    [Fact]
    public void Both_halves_count()
    {
        Add(Start, succeeded: 4, failed: 1);
        Add(Start + 500, succeeded: 2, failed: 3);

        Assert.Equal((10, 4), _window.Read(Start + 999, Window));
    }

    [Fact]
    public void What_was_counted_longer_ago_than_the_window_is_gone()
    {
        Add(Start + 499, succeeded: 4, failed: 1);
        Add(Start + 500, succeeded: 1, failed: 0);

        Assert.Equal((1, 0), _window.Read(Start + 1000, Window));
    }

    [Fact]
    public void After_a_pause_everything_is_gone()
    {
        Add(Start, succeeded: 4, failed: 1);

        Assert.Equal((0, 0), _window.Read(Start + (100 * Window), Window));
        Add(Start + (100 * Window), succeeded: 0, failed: 1);
        Assert.Equal((1, 1), _window.Read(Start + (100 * Window), Window));
    }

    [Fact]
    public void Cleared_it_counts_from_zero()
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
    public void What_is_late_counts_as_of_now_and_moves_nothing_back()
    {
        Add(Start + (5 * Window), succeeded: 2, failed: 1);

        Add(Start, succeeded: 3, failed: 0);

        Assert.Equal((6, 1), _window.Read(Start + (5 * Window), Window));
    }

    [Fact]
    public void What_fails_late_is_no_request_more()
    {
        Add(Start, succeeded: 3, failed: 0);

        _window.FailLate(Start, Window);

        Assert.Equal((3, 1), _window.Read(Start, Window));
    }

    [Theory]
    [InlineData(10 * Window)]
    [InlineData(Window / 10)]
    public void Successes_alone_move_it_on_when_its_length_has_changed(long changed)
    {
        Add(Start, succeeded: 8, failed: 2);

        _window.AddSuccess(Start, changed);
        _window.AddSuccess(Start + (3 * changed), changed);

        Assert.Equal((1, 0), _window.Read(Start + (3 * changed), changed));
    }

    [Theory]
    [InlineData(10 * Window)]
    [InlineData(Window / 10)]
    public void It_moves_on_when_the_length_of_the_window_has_changed(long changed)
    {
        Add(Start, succeeded: 8, failed: 2);

        Assert.Equal((0, 0), _window.Read(Start + (3 * changed), changed));
    }

    [Fact]
    public void More_failures_than_fit_in_half_a_word_of_one_bucket_do_not_spill_into_requests()
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
