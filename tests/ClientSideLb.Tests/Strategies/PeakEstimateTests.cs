namespace ClientSideLb.Tests;

public sealed class PeakEstimateTests
{
    // A clock may have run for long, and its zero is arbitrary.
    private static readonly TimeSpan Start = TimeSpan.FromDays(400);

    private readonly PeakEstimate _estimate = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void It_decays_by_e_in_the_decay_time()
    {
        Add(100, at: 0);

        AssertReads(100, at: 0);
        AssertReads(60.653, at: 5);
        AssertReads(36.788, at: 10);
    }

    [Fact]
    public void A_lower_latency_counts_by_the_time_since_the_one_before()
    {
        Add(100, at: 0);
        Add(50, at: 1);

        AssertReads(95.242, at: 1);
    }

    [Fact]
    public void A_latency_below_the_latest_value_and_above_the_decayed_one_is_averaged_too()
    {
        Add(100, at: 0);
        Add(80, at: 5);

        AssertReads(92.131, at: 5);
    }

    [Fact]
    public void A_higher_latency_counts_in_full_at_once()
    {
        Add(100, at: 0);
        Add(150, at: 1);

        AssertReads(150, at: 1);
    }

    [Fact]
    public void Latencies_of_the_same_moment_leave_the_highest_one()
    {
        Add(100, at: 0);
        Add(40, at: 0);
        Add(120, at: 0);
        Add(60, at: 0);

        AssertReads(120, at: 0);
    }

    [Fact]
    public void A_latency_that_is_reported_late_does_not_count_unless_it_is_a_peak()
    {
        Add(100, at: 10);
        Add(50, at: 9);
        AssertReads(100, at: 10);

        Add(200, at: 9);
        AssertReads(200, at: 10);
    }

    [Fact]
    public void A_latency_after_a_long_silence_replaces_the_estimate()
    {
        Add(5_000, at: 0);
        Add(20, at: 200);

        AssertReads(20, at: 200);
    }

    [Fact]
    public void A_lower_bound_only_raises_it()
    {
        Add(100, at: 0);

        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(60), At(5));
        AssertReads(60.653, at: 5);

        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(61), At(5));
        AssertReads(61, at: 5);
    }

    [Fact]
    public void The_first_latency_replaces_a_guess()
    {
        _estimate.Guess(TimeSpan.FromMilliseconds(30), At(0));
        AssertReads(30, at: 0);
        AssertReads(18.196, at: 5);

        _estimate.Guess(TimeSpan.FromMilliseconds(500), At(5));
        AssertReads(18.196, at: 5);

        Add(2, at: 6);
        AssertReads(2, at: 6);
    }

    [Fact]
    public void The_first_latency_replaces_a_raised_guess()
    {
        var other = new PeakEstimate(TimeSpan.FromSeconds(10));
        other.Add(TimeSpan.FromMilliseconds(70), At(100));
        Add(50, at: 0);

        _estimate.RaiseGuess(other.Score, At(100));
        AssertReads(70, at: 100);
        _estimate.RaiseGuess(other.Score - 1, At(100));
        AssertReads(70, at: 100);

        Add(2, at: 100);
        AssertReads(2, at: 100);
    }

    [Fact]
    public void A_guess_that_was_raised_by_a_lower_bound_is_a_measurement()
    {
        _estimate.Guess(TimeSpan.FromMilliseconds(30), At(0));
        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(900), At(0));
        Add(2, at: 0);

        AssertReads(900, at: 0);
    }

    [Fact]
    public void Scores_are_in_the_order_of_the_estimates_at_any_time()
    {
        var other = new PeakEstimate(TimeSpan.FromSeconds(10));
        Add(100, at: 0);
        other.Add(TimeSpan.FromMilliseconds(50), At(6));
        Assert.True(_estimate.Score > other.Score);

        other.Add(TimeSpan.FromMilliseconds(60), At(6));
        Assert.True(_estimate.Score < other.Score);
        Assert.Equal(Math.Log(_estimate.Read(At(9)) / other.Read(At(9))), _estimate.Score - other.Score, tolerance: 1e-4);
    }

    [Fact]
    public void It_does_not_vanish_over_years()
    {
        Add(100, at: 0);
        var other = new PeakEstimate(TimeSpan.FromSeconds(10));
        other.Add(TimeSpan.FromMilliseconds(99), At(0));

        Assert.Equal(TimeSpan.Zero, _estimate.Read(At(1e8)));
        Assert.True(_estimate.Score > other.Score);
    }

    [Fact]
    public void A_latency_of_zero_is_the_shortest_there_is()
    {
        Add(0, at: 0);

        Assert.True(double.IsFinite(_estimate.Score));
        Assert.Equal(TimeSpan.FromTicks(1), _estimate.Read(At(0)));
    }

    [Fact]
    public void An_estimate_with_another_decay_time_begins_with_the_latest_value()
    {
        Add(100, at: 0);

        var slower = new PeakEstimate(TimeSpan.FromSeconds(100), _estimate);

        Assert.Equal(100, slower.Read(At(0)).TotalMilliseconds, tolerance: 0.001);
        Assert.Equal(36.788, slower.Read(At(100)).TotalMilliseconds, tolerance: 0.001);
    }

    [Fact]
    public void An_estimate_without_a_value_gives_none_to_another()
    {
        var other = new PeakEstimate(TimeSpan.FromSeconds(100), _estimate);

        Assert.True(double.IsNegativeInfinity(other.Score));
        Assert.Equal(TimeSpan.Zero, other.Read(At(0)));
    }

    [Fact]
    public void Threads_lose_no_peak_and_invent_none()
    {
        const int Threads = 8;
        for (var round = 0; round < 50; round++)
        {
            var estimate = new PeakEstimate(TimeSpan.FromSeconds(10));
            estimate.Guess(TimeSpan.FromSeconds(9), At(round));

            Concurrently.Run(Threads, thread =>
            {
                for (var i = 0; i < 200; i++)
                {
                    var milliseconds = thread == 3 && i == 100 ? 1_000 : 1 + ((thread + i) % 10);
                    estimate.Add(TimeSpan.FromMilliseconds(milliseconds), At(round));
                    estimate.AddLowerBound(TimeSpan.FromMilliseconds(milliseconds / 2), At(round));
                }
            });

            Assert.Equal(1_000, estimate.Read(At(round)).TotalMilliseconds, tolerance: 0.001);
        }
    }

    private static TimeSpan At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private void Add(double milliseconds, double at) => _estimate.Add(TimeSpan.FromMilliseconds(milliseconds), At(at));

    private void AssertReads(double milliseconds, double at) => Assert.Equal(milliseconds, _estimate.Read(At(at)).TotalMilliseconds, tolerance: 0.0011);
}
