using System.Globalization;
using ClientSideLb.Benchmarks.Changing;
using ClientSideLb.Benchmarks.Handling;
using ClientSideLb.Benchmarks.Picking;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>How long things may take beside others in the same run. Each bound leaves room for a noisy machine.</summary>
internal static class RatioBounds
{
    private const int Rounds = 300;

    // A ring takes milliseconds to make, so that its turns are long.
    private const int RingRounds = 20;

    private const string HandlerRemedy =
        "Compare with the commit before by '-- handler', and look for what the path of a request newly does (docs/architecture.md names its files).";

    private const string PickRemedy = "Compare with the commit before by '-- pick', and look for what the picker newly does.";

    private const string RingRemedy = "A flip must take over the ring from EndpointSet.PreviousPicker: look for why the picker no longer recognises its own endpoints.";

    private const string QueueRemedy = "A release must not look at each request that waits: look for a loop over waiters in RequestQueue and WaitLines.";

    private const string TableRemedy = "A flip must take over the table from EndpointSet.PreviousPicker, and a table must not be made by visiting all endpoints in vain.";

    private const string LevelRemedy = "A flip must not sort the endpoints into levels again: look for what LevelPicker and ClusterView newly do for each endpoint.";

    /// <summary>Gets the bounds.</summary>
    internal static IEnumerable<Bound> All =>
    [
        // About 0.4, 0.55 and 0.45.
        BesideDiscovery("repeated addresses, without a body", everNew: false, ResponseBody.None, limit: 0.8),
        BesideDiscovery("repeated addresses, with a body", everNew: false, ResponseBody.Plain, limit: 1.0),
        BesideDiscovery("ever-new addresses, without a body", everNew: true, ResponseBody.None, limit: 1.2),

        // About 1: a look at a number and a compare-and-swap in place of an increment.
        UnderLimits(),

        // About 1: whoever makes room looks at the first in the queue and at nobody else.
        new Bound("Time of a release with 10,000 requests in the queue beside one with 10", 3, QueueOfMany, QueueRemedy),

        // About 0.2 for round robin and least connections, and 0.8 to 1 for the two that draw numbers.
        BesideYarp(LoadBalancingStrategies.RoundRobin, 10, limit: 1),
        BesideYarp(LoadBalancingStrategies.RoundRobin, 1000, limit: 1),
        BesideYarp(LoadBalancingStrategies.Random, 1000, limit: 2),
        BesideYarp(LoadBalancingStrategies.PowerOfTwoChoices, 1000, limit: 2),
        BesideYarp(LoadBalancingStrategies.LeastConnections, 1000, limit: 0.5),

        // Flat in n: about 1, and 2 where a table is replaced by a computation.
        Flat(LoadBalancingStrategies.IpHash, limit: 2.5),
        Flat(LoadBalancingStrategies.WeightedRoundRobin, limit: 6),

        // It makes the same draw, and reads two estimates besides. About 1.4 and 1.5.
        Beside(LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma, 10, limit: 2),
        Beside(LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma, 1000, limit: 2),

        // About 18: a key is hashed and looked up, where the other counts.
        Beside(LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.ConsistentHash, 1000, limit: 40),

        // About 1: a table has no depth.
        Flat(LoadBalancingStrategies.Maglev, limit: 2.5),

        // About 1.5: one look at a table.
        BesideTheHash(10),
        BesideTheHash(1000),

        // About 0.02, and about 0.5.
        new Bound("Time of a health flip beside making the Maglev table of 1,000 endpoints", 0.2, TableFlip, TableRemedy),
        new Bound("Time to change a member of 1,000, Maglev beside ConsistentHash", 2, TableChange, TableRemedy),

        // About 2.1 for both: the level is one more draw, or one more hash of the key.
        InLevels(LoadBalancingStrategies.PowerOfTwoChoices, limit: 4),
        InLevels(LoadBalancingStrategies.ConsistentHash, limit: 4),

        // About 1.1.
        new Bound("Time of a health flip of 10,000 endpoints, PowerOfTwoChoices, in 20 levels beside one level", 2.5, LevelFlip, LevelRemedy),

        // About 0.002.
        new Bound("Time of a health flip beside making the ring of 1,000 endpoints", 0.05, RingFlip, RingRemedy),
    ];

    private static Bound BesideDiscovery(string load, bool everNew, ResponseBody body, double limit) => new(
        $"Time above bare beside AddServiceDiscovery(), {load}",
        limit,
        () =>
        {
            using var contenders = new HandlerContenders();
            var figures = Comparison.Measure(contenders.Create(everNew, body, Pipeline.Bare, Pipeline.Balanced, Pipeline.ServiceDiscovery), Rounds);
            return (figures[1].Nanoseconds - figures[0].Nanoseconds) / (figures[2].Nanoseconds - figures[0].Nanoseconds);
        },
        HandlerRemedy);

    private static Bound UnderLimits() => new(
        "Time above bare under limits beside without",
        1.3,
        static () =>
        {
            using var contenders = new HandlerContenders();
            var figures = Comparison.Measure(contenders.Create(everNew: false, ResponseBody.None, Pipeline.Bare, Pipeline.BalancedWithLimits, Pipeline.Balanced), Rounds);
            return (figures[1].Nanoseconds - figures[0].Nanoseconds) / (figures[2].Nanoseconds - figures[0].Nanoseconds);
        },
        HandlerRemedy);

    private static double QueueOfMany()
    {
        using var many = new FullQueue(10_000);
        using var few = new FullQueue(10);
        return Ratio(new Contender("10,000", many.Release), new Contender("10", few.Release), Rounds);
    }

    private static Bound BesideYarp(string strategy, int endpoints, double limit) => new(
        string.Create(CultureInfo.InvariantCulture, $"Time of a pick beside YARP's, {strategy} of {endpoints:N0}"),
        limit,
        () => Ratio(PickContenders.Own(strategy, endpoints), PickContenders.Yarp(strategy, endpoints)!, Rounds),
        PickRemedy);

    private static Bound Flat(string strategy, double limit) => new(
        $"Time of a pick of 1,000 beside one of 10, {strategy}",
        limit,
        () => Ratio(PickContenders.Own(strategy, 1000), PickContenders.Own(strategy, 10), Rounds),
        PickRemedy);

    private static Bound Beside(string other, string strategy, int endpoints, double limit) => new(
        string.Create(CultureInfo.InvariantCulture, $"Time of a pick beside {other}'s, {strategy} of {endpoints:N0}"),
        limit,
        () => Ratio(PickContenders.Own(strategy, endpoints), PickContenders.Own(other, endpoints), Rounds),
        PickRemedy);

    private static Bound BesideTheHash(int endpoints) => new(
        string.Create(CultureInfo.InvariantCulture, $"Time of a pick beside the hash of its key, Maglev of {endpoints:N0}"),
        3,
        () => Ratio(PickContenders.Own(LoadBalancingStrategies.Maglev, endpoints), PickContenders.KeyHashing(), Rounds),
        PickRemedy);

    private static Bound InLevels(string strategy, double limit) => new(
        $"Time of a pick of 1,000 in 3 levels beside one level, {strategy}",
        limit,
        () => Ratio(PickContenders.InLevels(strategy, 1000, levels: 3), PickContenders.InLevels(strategy, 1000, levels: 1), Rounds),
        PickRemedy);

    private static double LevelFlip()
    {
        const int Endpoints = 10_000;

        using var contenders = new ChangeContenders();
        return Ratio(
            contenders.Create(LoadBalancingStrategies.PowerOfTwoChoices, Endpoints, Change.HealthFlip, levels: 20),
            contenders.Create(LoadBalancingStrategies.PowerOfTwoChoices, Endpoints, Change.HealthFlip),
            RingRounds);
    }

    private static double RingFlip() => Flip(LoadBalancingStrategies.ConsistentHash);

    private static double TableFlip() => Flip(LoadBalancingStrategies.Maglev);

    private static double Flip(string strategy)
    {
        using var contenders = new ChangeContenders();
        return Ratio(contenders.Create(strategy, 1000, Change.HealthFlip), contenders.Create(strategy, 1000, Change.Membership), RingRounds);
    }

    private static double TableChange()
    {
        using var contenders = new ChangeContenders();
        return Ratio(
            contenders.Create(LoadBalancingStrategies.Maglev, 1000, Change.Membership),
            contenders.Create(LoadBalancingStrategies.ConsistentHash, 1000, Change.Membership),
            RingRounds);
    }

    private static double Ratio(Contender contender, Contender other, int rounds)
    {
        var figures = Comparison.Measure([contender, other], rounds);
        return figures[0].Nanoseconds / figures[1].Nanoseconds;
    }
}
