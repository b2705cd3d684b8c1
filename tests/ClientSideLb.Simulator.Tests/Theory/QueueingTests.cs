namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>What queueing theory says of Poisson arrivals and exponential service, and what the production strategies do.</summary>
public sealed class QueueingTests(ITestOutputHelper output)
{
    /// <summary>How far a mean may be off: four times the standard error of these runs at the highest load, as different seeds show it.</summary>
    private const double Tolerance = 0.04;

    private const double ServiceMilliseconds = 10;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void Random_makes_each_backend_a_queue_of_its_own(double load)
    {
        // M/M/1: 1 ÷ (μ − λ).
        var expected = ServiceMilliseconds / (1 - load);

        var actual = MeanMilliseconds(LoadBalancingStrategies.Random, load, backends: 100, seconds: 300);

        output.WriteLine($"load {load}: {actual:0.00} ms, M/M/1 {expected:0.00} ms");
        Assert.InRange(actual / expected, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void Power_of_two_choices_meets_the_fixed_point_of_Mitzenmacher(double load)
    {
        // M. Mitzenmacher (1996): the mean time in a system of very many servers is the sum of λ^(2^i − 2) over i ≥ 1, in service times.
        var expected = ServiceMilliseconds * Enumerable.Range(1, 20).Sum(i => Math.Pow(load, Math.Pow(2, i) - 2));

        var actual = MeanMilliseconds(LoadBalancingStrategies.PowerOfTwoChoices, load, backends: 500, seconds: 60);

        output.WriteLine($"load {load}: {actual:0.00} ms, fixed point {expected:0.00} ms");
        Assert.InRange(actual / expected, 1 - Tolerance, 1 + Tolerance);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void The_shortest_queue_beats_two_choices_and_they_beat_random(double load)
    {
        var shortest = MeanMilliseconds(LoadBalancingStrategies.LeastConnections, load, backends: 50, seconds: 120);
        var two = MeanMilliseconds(LoadBalancingStrategies.PowerOfTwoChoices, load, backends: 50, seconds: 120);
        var random = MeanMilliseconds(LoadBalancingStrategies.Random, load, backends: 50, seconds: 120);

        output.WriteLine($"load {load}: shortest queue {shortest:0.00} ms, two choices {two:0.00} ms, random {random:0.00} ms");
        Assert.True(shortest < two, $"{shortest} < {two}");
        Assert.True(two < random, $"{two} < {random}");
    }

    [Fact]
    public void Several_servers_behind_one_queue_wait_as_Erlang_says()
    {
        const int Servers = 4;
        const double Load = 0.8;

        // M/M/c with Erlang's C formula: one backend of four servers.
        var offered = Servers * Load;
        var all = Math.Pow(offered, Servers) / Factorial(Servers) / (1 - Load);
        var waits = all / (Enumerable.Range(0, Servers).Sum(k => Math.Pow(offered, k) / Factorial(k)) + all);
        var expected = ServiceMilliseconds + (waits * ServiceMilliseconds / Servers / (1 - Load));

        var actual = MeanMilliseconds(LoadBalancingStrategies.Random, Load, backends: 50, seconds: 120, Servers);

        Assert.InRange(actual / expected, 1 - Tolerance, 1 + Tolerance);
    }

    private static double Factorial(int n) => Enumerable.Range(1, n).Aggregate(1.0, static (product, i) => product * i);

    private static double MeanMilliseconds(string strategy, double load, int backends, int seconds, int servers = 1) =>
        Simulation.Run(Queues.Of(strategy, load, backends, TimeSpan.FromSeconds(seconds), servers)).Latency.MeanSeconds * 1000;
}
