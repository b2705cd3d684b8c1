using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.NamedScenarios;

/// <summary>What the scenarios with failures are there to show.</summary>
public sealed class FailureScenarioTests
{
    [Fact]
    public void Only_strategies_that_do_not_look_at_failures_send_a_third_of_the_requests_to_a_backend_that_fails_at_once()
    {
        var runs = Run("fast-failure", TimeSpan.FromSeconds(30));

        string[] careful = [LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma, LoadBalancingStrategies.LeastConnections];
        foreach (var run in runs.Values)
        {
            var shareOfFailing = (double)run.AttemptsAtFailing / run.Requests;
            if (careful.Contains(run.Strategy) || run.Label.EndsWith(", ejection", StringComparison.Ordinal))
            {
                Assert.InRange(shareOfFailing, 0, 0.01);
                Assert.InRange(run.ErrorRate, 0, 0.01);
            }
            else
            {
                Assert.InRange(shareOfFailing, 0.3, 0.4);
                Assert.InRange(run.ErrorRate, 0.3, 0.4);
            }
        }
    }

    [Theory]
    [InlineData(ChangeKind.Refuse)]
    [InlineData(ChangeKind.Error)]
    public void Backends_that_are_dead_do_not_attract_requests(ChangeKind fault)
    {
        var runs = Run("outage", TimeSpan.FromSeconds(60), fault);

        // A fifth of the backends is dead, so an even spread sends them a fifth of the requests. Two random ones are both dead in 1 of 45 cases.
        var even = runs["RoundRobin, nothing"].AttemptsAtFailing;
        Assert.InRange(runs["nothing"].AttemptsAtFailing, 1, even / 5);
        Assert.InRange(runs["PeakEwma, nothing"].AttemptsAtFailing, 1, even / 5);
    }

    [Fact]
    public void Requests_over_a_quota_find_room_elsewhere_if_they_may_move_and_the_backends_tell_the_time_precisely()
    {
        var runs = Run("rejection", TimeSpan.FromMinutes(2));

        foreach (var run in runs.Values.Where(static run => run.Label == run.Strategy))
        {
            var moved = runs[$"{run.Label}, moved"];
            Assert.Equal(run.Rejected, run.Failures);
            Assert.InRange(moved.ErrorRate, 0, 0.001);
            Assert.InRange(moved.Failures, 0, run.Failures);
            Assert.All(moved.Backends, static backend => Assert.InRange(backend.Share, 0.2, 0.5));
        }

        Assert.InRange(runs[LoadBalancingStrategies.ConsistentHash].ErrorRate, 0.03, 0.1);
    }

    private static Dictionary<string, RunResult> Run(string name, TimeSpan duration, ChangeKind? fault = null) =>
        KnownScenarios.Get(name).Run(new ScenarioOptions { Duration = duration, Fault = fault }).Runs.ToDictionary(static run => run.Label);
}
