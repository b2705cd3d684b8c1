using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>Compares the strategies with queueing theory, for Poisson arrivals and exponential service times.</summary>
public sealed class QueueingTests(ITestOutputHelper output)
{
    /// <summary>Four times the standard error of these runs at the highest load, as measured with different seeds.</summary>
    private const double Tolerance = 0.04;

    private const double ServiceMilliseconds = 10;

    public static TheoryData<double> Loads => [0.5, 0.8, 0.9];

    [Theory]
    [MemberData(nameof(Loads))]
    public void Random_makes_each_backend_an_independent_queue(double load)
    {
        // M/M/1: 1 ÷ (μ − λ).
        var expected = ServiceMilliseconds / (1 - load);

        AssertNear(expected, Measure(LoadBalancingStrategies.Random, load, backends: 100, seconds: 300));
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void Power_of_two_choices_is_near_the_fixed_point_of_Mitzenmacher(double load)
    {
        // M. Mitzenmacher (1996): with very many servers, the mean time in service times is the sum of λ^(2^i − 2) over i ≥ 1.
        var expected = ServiceMilliseconds * Enumerable.Range(1, 20).Sum(i => Math.Pow(load, Math.Pow(2, i) - 2));

        AssertNear(expected, Measure(LoadBalancingStrategies.PowerOfTwoChoices, load, backends: 500, seconds: 60));
    }

    [Fact]
    public void Several_servers_behind_one_queue_wait_as_Erlangs_formula_says()
    {
        const int Servers = 4;
        const double Load = 0.8;

        // M/M/c, with Erlang's C formula.
        var offered = Servers * Load;
        var all = Math.Pow(offered, Servers) / Factorial(Servers) / (1 - Load);
        var waits = all / (Enumerable.Range(0, Servers).Sum(k => Math.Pow(offered, k) / Factorial(k)) + all);
        var expected = ServiceMilliseconds + (waits * ServiceMilliseconds / Servers / (1 - Load));

        AssertNear(expected, Measure(LoadBalancingStrategies.Random, Load, backends: 50, seconds: 120, Servers));

        static double Factorial(int n) => Enumerable.Range(1, n).Aggregate(1.0, static (product, i) => product * i);
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void The_shortest_queue_is_faster_than_two_choices_and_two_choices_are_faster_than_random(double load)
    {
        var times = ((string[])[LoadBalancingStrategies.LeastConnections, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.Random])
            .Select(strategy => Measure(strategy, load, backends: 50, seconds: 120))
            .ToArray();

        Assert.Equal(times.Order(), times);
    }

    private void AssertNear(double expected, double actual)
    {
        output.WriteLine($"{actual:0.00} ms, theory {expected:0.00} ms");
        Assert.InRange(actual / expected, 1 - Tolerance, 1 + Tolerance);
    }

    private static double Measure(string strategy, double load, int backends, int seconds, int servers = 1) =>
        Simulation.Run(Queues.Create(strategy, load, backends, TimeSpan.FromSeconds(seconds), servers)).Latency.MeanSeconds * 1000;
}
