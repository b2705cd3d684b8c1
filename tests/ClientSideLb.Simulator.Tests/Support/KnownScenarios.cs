namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>The named scenarios, for tests that run them.</summary>
internal static class KnownScenarios
{
    internal static TheoryData<string> WithTraffic => [.. ScenarioCatalog.All.OfType<TrafficScenario>().Select(static scenario => scenario.Name)];

    internal static NamedScenario Get(string name)
    {
        Assert.True(ScenarioCatalog.TryGet(name, out var scenario));
        return scenario;
    }
}
