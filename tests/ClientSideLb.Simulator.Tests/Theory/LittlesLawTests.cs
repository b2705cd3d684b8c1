using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>J. Little (1961): the mean number in a system is the arrival rate times the mean time in it, whatever the system does.</summary>
public sealed class LittlesLawTests(ITestOutputHelper output)
{
    /// <summary>The requests that are in flight when measuring begins or ends are counted only on one side.</summary>
    private const double Tolerance = 0.05;

    public static TheoryData<string> Scenarios => KnownScenarios.WithTraffic;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Littles_law_holds_in_every_run_of_every_scenario(string name)
    {
        var options = name switch
        {
            // A small part of the fleet is enough.
            "fleet" => new ScenarioOptions { Clients = 20, Backends = 50 },

            // With the usual load, small subsets overload some backends for good, so that their queues grow to the end.
            "subset" => new ScenarioOptions { Load = 0.4, Duration = TimeSpan.FromSeconds(10) },

            // Requests wait for seconds here, so that both ends of a short run weigh much.
            "slow-backend" => new ScenarioOptions { Duration = TimeSpan.FromMinutes(3) },
            "rolling-deploy" => new ScenarioOptions { Duration = TimeSpan.FromMinutes(1) },
            _ => new ScenarioOptions(),
        };
        foreach (var run in KnownScenarios.Get(name).Run(options).Runs)
        {
            var expected = run.Requests / run.Measured.TotalSeconds * run.MeanTimeInSystem.TotalSeconds;

            output.WriteLine($"{run.Label}: {run.MeanInFlight:0.00} in flight, λW = {expected:0.00}");
            Assert.InRange(run.MeanInFlight / expected, 1 - Tolerance, 1 + Tolerance);
        }
    }
}
