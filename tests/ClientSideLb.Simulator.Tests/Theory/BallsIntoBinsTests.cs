namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>Throws n balls into n bins: n requests that never end go to n backends.</summary>
public sealed class BallsIntoBinsTests(ITestOutputHelper output)
{
    private const int N = 10_000;

    /// <summary>The formula for random bins has only the first term. At this n, the other terms are less than this many balls.</summary>
    private const double OtherTerms = 3.5;

    [Fact]
    public void The_fullest_bin_of_random_is_near_ln_n_by_ln_ln_n()
    {
        // G. Gonnet (1981).
        var expected = Math.Log(N) / Math.Log(Math.Log(N));

        Assert.InRange(MeasureFullest(LoadBalancingStrategies.Random, expected), expected, expected + OtherTerms);
    }

    [Fact]
    public void The_fullest_bin_of_two_choices_is_near_ln_ln_n_by_ln_2()
    {
        // Y. Azar, A. Broder, A. Karlin and E. Upfal (1994).
        var expected = Math.Log(Math.Log(N)) / Math.Log(2);

        Assert.InRange(MeasureFullest(LoadBalancingStrategies.PowerOfTwoChoices, expected), expected - 1, expected + 1);
    }

    private double MeasureFullest(string strategy, double expected)
    {
        var fullest = Enumerable.Range(1, 5).Average(seed => Simulation.Run(new Scenario
        {
            Seed = seed,
            Duration = TimeSpan.FromSeconds(1),
            WarmUp = TimeSpan.Zero,
            RoundTrip = TimeSpan.Zero,
            Clients =
            [
                new ClientGroup
                {
                    Arrivals = new PoissonArrivals { Rate = N },
                    Timeout = TimeSpan.FromHours(1),
                    Balancer = new LoadBalancingOptions { Strategy = strategy },
                },
            ],
            Backends = [new BackendGroup { Count = N, Concurrency = 1, Service = new ConstantTime { Mean = TimeSpan.FromHours(1) } }],
        }).PeakInFlight);
        output.WriteLine($"{strategy}: fullest bin {fullest}, theory {expected:0.0}");
        return fullest;
    }
}
