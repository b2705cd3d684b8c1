using ClientSideLb.Shared;

namespace ClientSideLb.Kubernetes.Tests.Watching;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_up_to_the_longest_and_begin_anew_after_a_success()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Middle());

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => backoff.GetNext().TotalSeconds));
        backoff.Reset();
        Assert.Equal(1, backoff.GetNext().TotalSeconds);
    }

    [Fact]
    public void A_pause_is_at_random_by_up_to_a_half_shorter_or_longer()
    {
        var pauses = Enumerable.Range(0, 1000)
            .Select(static seed => new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(seed)).GetNext().TotalSeconds)
            .ToList();

        Assert.InRange(pauses.Min(), 0.5, 0.6);
        Assert.InRange(pauses.Max(), 1.4, 1.5);
    }

    [Fact]
    public void A_long_outage_does_not_overflow()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Middle());

        Assert.Equal(30, Enumerable.Range(0, 10_000).Select(_ => backoff.GetNext().TotalSeconds).ToArray()[^1]);
    }

    private sealed class Middle : Random
    {
        public override double NextDouble() => 0.5;
    }
}
