using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.NamedScenarios;

/// <summary>What the scenario with limits is there to show. The backend serves 8 requests at a time, 800 a second.</summary>
public sealed class LimitsScenarioTests
{
    private const double Capacity = 800;

    public static TheoryData<int> Seeds => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_adaptive_limit_keeps_the_wait_short_and_the_backend_busy(int seed)
    {
        var runs = Run(new ScenarioOptions { Seed = seed, Duration = TimeSpan.FromMinutes(1) });
        var unloaded = Run(new ScenarioOptions { Seed = seed, Duration = TimeSpan.FromMinutes(1), Load = 0.1 })["no limit"];

        Assert.True(runs["adaptive"].Latency.Quantile(0.99) < 2 * unloaded.Latency.Quantile(0.99));
        Assert.True(GetThroughput(runs["adaptive"]) > 0.9 * Capacity);
        Assert.True(runs["no limit"].Latency.Quantile(0.99) > 10 * runs["adaptive"].Latency.Quantile(0.99));
    }

    [Fact]
    public void An_adaptive_limit_costs_nothing_while_there_is_enough_for_all() =>
        Assert.Equal(0, Run(new ScenarioOptions { Load = 0.3 })["adaptive"].Failures);

    [Fact]
    public void A_request_waits_in_the_queue_for_as_long_as_it_may_and_no_longer()
    {
        var run = Run(new ScenarioOptions { Duration = TimeSpan.FromSeconds(20) })["adaptive, queue"];

        Assert.InRange(run.Latency.Quantile(0.5), TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(110));
        Assert.InRange(run.Latency.Max, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400));
        Assert.Equal(["saturated"], run.FailuresByKind.Keys);
    }

    [Fact]
    public void A_caller_who_gives_up_leaves_the_queue()
    {
        var scenario = ((TrafficScenario)KnownScenarios.Get("limits")).CreateRuns(new ScenarioOptions { Duration = TimeSpan.FromSeconds(10) })
            .Single(static run => run.Label == "limit of 4").Scenario;
        scenario.Clients[0].Balancer.Concurrency.QueueLimit = 1000;
        scenario.Clients[0].Balancer.Concurrency.QueueTimeout = TimeSpan.FromSeconds(30);
        scenario = scenario with { Clients = [scenario.Clients[0] with { Timeout = TimeSpan.FromMilliseconds(200) }] };

        var run = Simulation.Run(scenario);

        Assert.True(run.FailuresByKind["timed out"] > 1000);
        Assert.DoesNotContain("saturated", run.FailuresByKind.Keys);
        Assert.True(run.Latency.Max <= TimeSpan.FromMilliseconds(201));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_bursts_that_are_repeated_an_adaptive_limit_does_more_than_a_retry_budget(int seed)
    {
        var runs = ((TrafficScenario)KnownScenarios.Get("overload")).Run(new ScenarioOptions { Seed = seed, Duration = TimeSpan.FromSeconds(60) }).Runs
            .ToDictionary(static run => run.Label);

        Assert.True(runs["adaptive limit"].ErrorRate < 0.5 * runs["retry budget of 20 %"].ErrorRate);
        Assert.True(runs["adaptive limit, queue"].ErrorRate < 0.5 * runs["retry budget of 20 %"].ErrorRate);
    }

    [Fact]
    public void Every_limit_holds() =>
        Assert.All(Run(new ScenarioOptions { Duration = TimeSpan.FromSeconds(10) }), static run =>
        {
            if (run.Key.StartsWith("limit of ", StringComparison.Ordinal))
            {
                Assert.Equal(int.Parse(run.Key["limit of ".Length..], System.Globalization.CultureInfo.InvariantCulture), run.Value.PeakInFlight);
            }
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_backend_that_speeds_up_is_used_again_within_30_seconds(int seed)
    {
        var scenario = ((TrafficScenario)KnownScenarios.Get("limits")).CreateRuns(new ScenarioOptions { Seed = seed, Duration = TimeSpan.FromSeconds(120) })
            .Single(static run => run.Label == "adaptive").Scenario with
        {
            Changes =
            [
                new BackendChange { At = TimeSpan.FromSeconds(5), Backends = "0", Change = ChangeKind.Slow, Speed = 0.2 },
                new BackendChange { At = TimeSpan.FromSeconds(60), Backends = "0", Change = ChangeKind.Recover },
            ],
        };

        var slices = Simulation.Run(scenario).Timeline;
        var slow = slices.Where(static slice => slice.At > TimeSpan.FromSeconds(40) && slice.At < TimeSpan.FromSeconds(58)).ToArray();
        var after = slices.Where(static slice => slice.At > TimeSpan.FromSeconds(90)).ToArray();

        // The slow backend serves a fifth.
        Assert.InRange(GetThroughput(slow), 0.7 * Capacity / 5, 1.05 * Capacity / 5);
        Assert.InRange(GetThroughput(after), 0.9 * Capacity, 1.05 * Capacity);
    }

    private static double GetThroughput(RunResult run) => (run.Requests - run.Failures) / run.Measured.TotalSeconds;

    private static double GetThroughput(TimelineSlice[] slices) =>
        slices.Sum(static slice => slice.Requests - slice.Failures) / (slices[^1].At - slices[0].At + (slices[1].At - slices[0].At)).TotalSeconds;

    private static Dictionary<string, RunResult> Run(ScenarioOptions options) =>
        ((TrafficScenario)KnownScenarios.Get("limits")).Run(options).Runs.ToDictionary(static run => run.Label);
}
