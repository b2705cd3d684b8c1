using ClientSideLb.Benchmarks.Picking;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Picks and nothing else.</summary>
internal static class PickWork
{
    internal static Work Own(string strategy, int endpoints) => new(strategy, () =>
    {
        var contender = PickContenders.Own(strategy, endpoints);
        return _ => contender.Run;
    });

    internal static Work? TryYarp(string strategy, int endpoints) => !YarpPolicy.IsThere(strategy) ? null : new Work(strategy, () =>
    {
        var contender = PickContenders.Yarp(strategy, endpoints)!;
        return _ => contender.Run;
    });
}
