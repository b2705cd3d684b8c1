using System.Security.Cryptography;
using System.Text;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>One seed, one result, on every machine.</summary>
public sealed class DeterminismTests
{
    private static readonly ScenarioOptions Short = new() { Duration = TimeSpan.FromSeconds(20), Clients = 3, Backends = 6 };

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.OfType<TrafficScenario>().Select(static scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void One_seed_has_one_result(string name)
    {
        Assert.Equal(Run(name, Short), Run(name, Short));
    }

    [Fact]
    public void Another_seed_has_another_result()
    {
        Assert.NotEqual(Run("outage", Short), Run("outage", Short with { Seed = 2 }));
    }

    [Fact]
    public void Runs_that_go_on_at_the_same_time_do_not_disturb_each_other()
    {
        var alone = Run("outage", Short);

        var together = new string[4];
        Parallel.For(0, together.Length, i => together[i] = Run("outage", Short));

        Assert.All(together, result => Assert.Equal(alone, result));
    }

    [Fact]
    public void The_result_is_the_one_that_other_machines_have()
    {
        // Every kind of random number, with probes, ejections, failover and slow start. It changes when one of these does what it did not do before.
        var result = Run("outage", Short);

        Assert.Equal("d514d132d8e62984", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(result)))[..16]);
    }

    private static string Run(string name, ScenarioOptions options)
    {
        Assert.True(ScenarioCatalog.TryGet(name, out var scenario));
        return ResultJson.Of(scenario.Run(options));
    }
}
