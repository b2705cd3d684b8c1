namespace ClientSideLb.Tests;

public sealed class LatencyEstimateTests
{
    private readonly LatencyEstimate _estimate = new();

    [Fact]
    public void Each_answer_weighs_an_eighth_in_the_moving_average()
    {
        Assert.Null(_estimate.Read());

        Add(80);
        AssertIs(80);
        Add(160);
        AssertIs(90);
        Add(10);
        AssertIs(80);
    }

    [Fact]
    public void A_failure_counts_only_if_it_took_longer_than_the_average()
    {
        Add(80);

        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(1), hasTimedOut: false);
        AssertIs(80);
        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(160), hasTimedOut: false);
        AssertIs(90);
    }

    [Fact]
    public void Before_the_first_answer_a_timeout_counts_and_a_fast_failure_does_not()
    {
        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(1), hasTimedOut: false);
        Assert.Null(_estimate.Read());

        _estimate.AddLowerBound(TimeSpan.FromMilliseconds(100), hasTimedOut: true);
        AssertIs(100);
    }

    [Fact]
    public void An_endpoint_whose_latency_is_never_read_is_measured_for_its_first_attempts_only()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.True(_estimate.IsWanted);
            Add(5);
        }

        Assert.False(_estimate.IsWanted);
        _estimate.Read();
        Assert.True(_estimate.IsWanted);
    }

    private void Add(double milliseconds) => _estimate.Add(TimeSpan.FromMilliseconds(milliseconds));

    private void AssertIs(double milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), _estimate.Read());
}
