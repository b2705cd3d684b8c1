namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>J. Little (1961): the mean number in a system is the arrival rate times the mean time in it, whatever the system does.</summary>
public sealed class LittlesLawTests(ITestOutputHelper output)
{
    /// <summary>What is in the system at the first and the last moment of measuring is counted on one side alone.</summary>
    private const double Tolerance = 0.05;

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.OfType<TrafficScenario>().Select(static scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void It_holds_in_every_run_of_every_scenario(string name)
    {
        Assert.True(ScenarioCatalog.TryGet(name, out var scenario));

        var options = name switch
        {
            // The fleet is large; its law holds in a part of it as well.
            "fleet" => new ScenarioOptions { Clients = 20, Backends = 50 },

            // Requests wait for seconds here, so that both ends of a short run weigh much.
            "slow-backend" => new ScenarioOptions { Duration = TimeSpan.FromMinutes(3) },
            "rolling-deploy" => new ScenarioOptions { Duration = TimeSpan.FromMinutes(1) },
            _ => new ScenarioOptions(),
        };
        foreach (var run in scenario.Run(options, cancellationToken: TestContext.Current.CancellationToken).Runs)
        {
            var expected = run.Requests / run.Measured.TotalSeconds * run.MeanTimeInSystem.TotalSeconds;

            output.WriteLine($"{run.Label}: {run.MeanInFlight:0.00} in the system, λW = {expected:0.00}");
            Assert.InRange(run.MeanInFlight / expected, 1 - Tolerance, 1 + Tolerance);
        }
    }
}
