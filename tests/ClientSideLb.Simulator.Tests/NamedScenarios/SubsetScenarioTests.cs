using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.NamedScenarios;

/// <summary>What the scenario with subsets is there to show.</summary>
public sealed class SubsetScenarioTests
{
    private const int Clients = 200;
    private const int Backends = 100;

    private static readonly Dictionary<string, RunResult> Runs = Run(seed: 1);

    public static TheoryData<int> Sizes => [50, 20, 10, 5];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Each_client_keeps_connections_to_its_subset_only(int size)
    {
        Assert.Equal(Clients * Backends, Runs["RoundRobin, all"].Connections);
        Assert.Equal(Clients * size, Runs[$"RoundRobin, subset of {size}"].Connections);
        Assert.Equal(Clients * size, Runs[$"PowerOfTwoChoices, subset of {size}"].Connections);
    }

    /// <summary>
    /// The number of clients of a backend is binomial, and with round robin its load is in proportion to it. The bounds are four standard deviations of the
    /// estimate of a standard deviation from 100 backends.
    /// </summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void With_round_robin_the_load_deviates_as_the_formula_says(int size)
    {
        var expected = Math.Sqrt((1 - ((double)size / Backends)) / ((double)Clients * size / Backends));
        var shares = Runs[$"RoundRobin, subset of {size}"].Backends.Select(static backend => backend.Share * Backends).ToArray();
        var deviation = Math.Sqrt(shares.Average(static share => (share - 1) * (share - 1)));

        Assert.InRange(deviation / expected, 1 - (4 / Math.Sqrt(2 * Backends)), 1 + (4 / Math.Sqrt(2 * Backends)));
    }

    [Fact]
    public void A_strategy_that_knows_load_makes_up_for_a_part_of_the_unevenness()
    {
        Assert.True(Runs["PowerOfTwoChoices, subset of 10"].Imbalance < Runs["RoundRobin, subset of 10"].Imbalance);
        Assert.True(Runs["PowerOfTwoChoices, subset of 5"].Latency.Quantile(0.99) < Runs["RoundRobin, subset of 5"].Latency.Quantile(0.99));
    }

    [Fact]
    public void A_run_with_subsets_can_be_repeated_and_another_seed_gives_other_subsets()
    {
        var again = Run(seed: 1)["RoundRobin, subset of 5"];
        Assert.Equal(Runs["RoundRobin, subset of 5"].Backends, again.Backends);
        Assert.NotEqual(Run(seed: 2)["RoundRobin, subset of 5"].Backends.MaxBy(static backend => backend.Share)!.Index, again.Backends.MaxBy(static backend => backend.Share)!.Index);
    }

    [Fact]
    public void Clients_with_one_identity_use_the_same_backends()
    {
        var scenario = ((TrafficScenario)KnownScenarios.Get("subset")).CreateRuns(new ScenarioOptions { Duration = TimeSpan.FromSeconds(2), Load = 0.02 })[^1].Scenario;
        Assert.Single(scenario.Clients).Balancer.Subset.ClientId = "pod-1";

        Assert.Equal(5, Simulation.Run(scenario).Backends.Count(static backend => backend.Attempts > 0));
    }

    [Fact]
    public void While_a_backend_of_the_subset_is_out_another_one_takes_its_place()
    {
        var scenario = ((TrafficScenario)KnownScenarios.Get("subset")).CreateRuns(new ScenarioOptions { Duration = TimeSpan.FromSeconds(30), Load = 0.2 })[^1].Scenario with
        {
            Changes = [new BackendChange { At = TimeSpan.FromSeconds(6), Backends = "0-49", Change = ChangeKind.Refuse }],
        };

        var last = Simulation.Run(scenario);

        Assert.InRange(last.ErrorRate, 0, 0.01);
        Assert.All(last.Backends.Skip(50), static backend => Assert.True(backend.Attempts > 0));
    }

    private static Dictionary<string, RunResult> Run(int seed) => ((TrafficScenario)KnownScenarios.Get("subset"))
        .Run(new ScenarioOptions { Duration = TimeSpan.FromSeconds(10), Seed = seed }).Runs.ToDictionary(static run => run.Label);
}
