namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>n balls into n bins: requests that never end, one for each backend.</summary>
public sealed class BallsIntoBinsTests(ITestOutputHelper output)
{
    private const int N = 10_000;

    /// <summary>The formulas give the first term alone; what is left out is less than this many balls at this n.</summary>
    private const double TermsLeftOut = 3.5;

    [Fact]
    public void The_fullest_bin_of_random_is_near_ln_n_by_ln_ln_n()
    {
        // G. Gonnet (1981).
        var expected = Math.Log(N) / Math.Log(Math.Log(N));

        var fullest = MeanPeak(LoadBalancingStrategies.Random);

        output.WriteLine($"fullest bin {fullest}, ln n ÷ ln ln n = {expected:0.0}");
        Assert.InRange(fullest, expected, expected + TermsLeftOut);
    }

    [Fact]
    public void The_fullest_bin_of_two_choices_is_near_ln_ln_n_by_ln_2()
    {
        // Y. Azar, A. Broder, A. Karlin and E. Upfal (1994).
        var expected = Math.Log(Math.Log(N)) / Math.Log(2);

        var fullest = MeanPeak(LoadBalancingStrategies.PowerOfTwoChoices);

        output.WriteLine($"fullest bin {fullest}, ln ln n ÷ ln 2 = {expected:0.0}");
        Assert.InRange(fullest, expected - 1, expected + 1);
    }

    private static double MeanPeak(string strategy) => Enumerable.Range(1, 5).Average(seed => Simulation.Run(new Scenario
    {
        Seed = seed,
        Duration = TimeSpan.FromSeconds(1),
        WarmUp = TimeSpan.Zero,
        RoundTrip = TimeSpan.Zero,
        Clients = new ClientGroup
        {
            Arrivals = new PoissonArrivals { Rate = N },
            Timeout = TimeSpan.FromHours(1),
            Balancer = new LoadBalancingOptions { Strategy = strategy },
        },
        Backends = [new BackendGroup { Count = N, Concurrency = 1, Service = new ConstantTime { Mean = TimeSpan.FromHours(1) } }],
    }).PeakInFlight);
}
