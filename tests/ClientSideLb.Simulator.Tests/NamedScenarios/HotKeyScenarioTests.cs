using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.NamedScenarios;

/// <summary>What the scenario with popular keys is there to show.</summary>
public sealed class HotKeyScenarioTests
{
    private static readonly Dictionary<string, RunResult> Runs = ((TrafficScenario)KnownScenarios.Get("hot-key"))
        .Run(new ScenarioOptions { Duration = TimeSpan.FromSeconds(30) }).Runs.ToDictionary(static run => run.Label);

    [Theory]
    [InlineData("ConsistentHash")]
    [InlineData("Maglev")]
    public void Without_a_load_factor_the_owners_of_popular_keys_are_overloaded(string strategy)
    {
        Assert.InRange(Runs[strategy].ErrorRate, 0.1, 0.5);
        Assert.True(Runs[strategy].Latency.Quantile(0.99) > 3 * P99OfTwoChoices);
    }

    [Theory]
    [InlineData("ConsistentHash, factor 1.25", 1.1)]
    [InlineData("Maglev, factor 1.25", 1.1)]
    [InlineData("ConsistentHash, factor 2", 1.3)]
    [InlineData("Maglev, factor 2", 1.3)]
    public void With_a_load_factor_nothing_fails_and_the_wait_is_about_that_of_two_choices(string label, double most)
    {
        Assert.Equal(0, Runs[label].Failures);
        Assert.True(Runs[label].Latency.Quantile(0.99) < most * P99OfTwoChoices);
    }

    [Theory]
    [InlineData("ConsistentHash")]
    [InlineData("Maglev")]
    public void The_lower_the_load_factor_the_more_requests_miss_their_owner(string strategy)
    {
        var (low, high) = (Away($"{strategy}, factor 1.25"), Away($"{strategy}, factor 2"));

        Assert.InRange(low, 0.2, 0.4);
        Assert.InRange(high, 0.05, low - 0.05);
    }

    [Fact]
    public void A_strategy_without_keys_has_no_owners_to_miss() => Assert.Equal(0, Runs["PowerOfTwoChoices"].AwayFromOwner);

    [Fact]
    public void Requests_miss_their_owner_if_it_is_out_and_at_no_other_time()
    {
        var scenario = new Scenario
        {
            Duration = TimeSpan.FromSeconds(40),
            Clients =
            [
                new ClientGroup
                {
                    Arrivals = new PoissonArrivals { Rate = 500 },
                    Keys = new KeyPopularity { Count = 10_000 },
                    Balancer = new LoadBalancingOptions { Strategy = LoadBalancingStrategies.Maglev },
                },
            ],
            Backends = [new BackendGroup { Count = 10, Concurrency = 100 }],
        };
        Assert.Equal(0, Simulation.Run(scenario).AwayFromOwner);

        var outage = Simulation.Run(scenario with
        {
            Changes = [new BackendChange { At = TimeSpan.FromSeconds(20), Backends = "3", Change = ChangeKind.Leave }],
        });

        // A tenth of the keys in half of the time, and the few others that a smaller table moves.
        Assert.InRange((double)outage.AwayFromOwner / outage.Requests, 0.04, 0.06);
    }

    private static TimeSpan P99OfTwoChoices => Runs["PowerOfTwoChoices"].Latency.Quantile(0.99);

    private static double Away(string label) => (double)Runs[label].AwayFromOwner / Runs[label].Requests;
}
