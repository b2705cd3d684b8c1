using System.Diagnostics;
using System.Text.Json.Nodes;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>One seed has one result.</summary>
public sealed class DeterminismTests
{
    private static readonly ScenarioOptions Short = new() { Duration = TimeSpan.FromSeconds(20), Clients = 3, Backends = 6 };

    public static TheoryData<string> Scenarios => KnownScenarios.WithTraffic;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Two_runs_with_the_same_seed_have_the_same_result(string name) => Assert.Equal(Run(name, Short), Run(name, Short));

    [Fact]
    public void Another_seed_has_another_result() => Assert.NotEqual(Run("outage", Short), Run("outage", Short with { Seed = 2 }));

    [Fact]
    public void Simultaneous_runs_do_not_disturb_each_other()
    {
        var together = new string[4];
        Parallel.For(0, together.Length, i => together[i] = Run("outage", Short));

        Assert.Equal([Run("outage", Short)], together.Distinct());
    }

    [Fact]
    public async Task Another_process_has_the_same_result()
    {
        using var folder = new TemporaryFolder();
        var tool = Path.Combine(Repository.OutputOf("src", "ClientSideLb.Simulator.Tool"), "lbsim.dll");
        var start = new ProcessStartInfo("dotnet", [tool, "outage", "-d", "20s", "-c", "3", "-b", "6", "--out", folder.FullName]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Run("outage", Short), GetRuns(await File.ReadAllTextAsync(folder.PathOf("result.json"), TestContext.Current.CancellationToken)));
    }

    private static string Run(string name, ScenarioOptions options) => GetRuns(ResultJson.Of(NamedRun.Run(KnownScenarios.Get(name), options, progress: null, CancellationToken.None)));

    // The seed and the other options, which stand beside the runs, are not compared.
    private static string GetRuns(string json) => JsonNode.Parse(json)!["runs"]!.ToJsonString();
}
