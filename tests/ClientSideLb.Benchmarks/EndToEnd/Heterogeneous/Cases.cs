using ClientSideLb.Benchmarks.EndToEnd.Children;

namespace ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;

/// <summary>The cases that there are.</summary>
internal static class Cases
{
    /// <summary>The row of the slow case that says what can be had at best.</summary>
    internal const string WithoutSlow = "PeakEwma over the nine fast ones";

    // Long beside the four milliseconds in which timers count on some systems: in two and forty the one would not be a twentieth.
    private const int Fast = 10;
    private const int Slow = 200;

    private const int Cheap = 5;
    private const int Dear = 100;

    // Room for 40 requests in all: the usual 32 at once wait only where they are spread badly.
    private const int AtOnce = 4;

    private const double Flaky = 0.2;

    // Those that look at load, and the one that looks at nothing.
    private static readonly string[] Compared =
    [
        LoadBalancingStrategies.RoundRobin,
        LoadBalancingStrategies.PowerOfTwoChoices,
        LoadBalancingStrategies.PeakEwma,
        LoadBalancingStrategies.LeastConnections,
    ];

    private static readonly BackendTraits Usual = new() { Milliseconds = Fast };

    /// <summary>Gets them, in the order in which they are measured.</summary>
    internal static IReadOnlyList<Case> All { get; } =
    [
        new("alike", $"all answer after {Fast} ms", Usual, null, Of(Compared)),
        new(
            "slow",
            $"one answers after {Slow} ms, the others after {Fast} ms",
            Usual,
            new BackendTraits { Milliseconds = Slow },
            [.. Of(Strategies.Names), new Contender(WithoutSlow, LoadBalancingStrategies.PeakEwma, WithoutOdd: true)])
        {
            HasGateway = true,
        },
        new(
            "fails-fast",
            $"one answers 500 at once, the others answer 200 after {Fast} ms",
            Usual,
            new BackendTraits { ErrorRate = 1 },
            WithAndWithoutDetection()),
        new(
            "flaky",
            $"one answers 500 at once to {Flaky * 100:0} % of its requests, all other answers are 200 after {Fast} ms",
            Usual,
            Usual with { ErrorRate = Flaky },
            WithAndWithoutDetection()),
        new(
            "cold",
            $"one answers after {Slow} ms when a turn begins, and after {Fast} ms from the middle of the turn, the others always after {Fast} ms",
            Usual,
            Usual with { ColdMilliseconds = Slow },
            Of(Compared)),
        new(
            "mixed",
            $"all are alike and work on {AtOnce} requests at once, a tenth of the requests takes {Dear} ms, the others {Cheap} ms",
            new BackendTraits { Milliseconds = Cheap, DearMilliseconds = Dear, AtOnce = AtOnce },
            null,
            Of(Compared)),
    ];

    private static Contender[] Of(IEnumerable<string> strategies) => [.. strategies.Select(static strategy => new Contender(strategy, strategy))];

    private static Contender[] WithAndWithoutDetection() =>
    [
        .. Of(Compared),
        .. Compared.Select(static strategy => new Contender($"{strategy}, no outlier detection", strategy, OutlierDetection: false)),
    ];
}
