using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Tests.Backends;

public sealed class ServiceTimeTests
{
    private const int Draws = 400_000;

    public static TheoryData<ServiceTime> ServiceTimes =>
    [
        new ConstantTime(), new ExponentialTime(), new LognormalTime { Sigma = 0.7 }, new ParetoTime { Shape = 3 },
        new MeasuredTime { Milliseconds = [5, 10, 15] },
    ];

    [Theory]
    [MemberData(nameof(ServiceTimes))]
    public void A_distribution_has_the_mean_that_it_is_given(ServiceTime service)
    {
        Assert.InRange(DrawMilliseconds(service).Average(), 9.9, 10.1);
        Assert.Equal(0.010, service.MeanSeconds, 9);
    }

    [Fact]
    public void One_lognormal_time_in_a_hundred_is_about_six_times_the_mean()
    {
        Assert.InRange(DrawMilliseconds(new LognormalTime()).Order().ElementAt(Draws * 99 / 100), 60, 64);
    }

    private static IEnumerable<double> DrawMilliseconds(ServiceTime service)
    {
        var random = new SeededRandom(1, 0);
        return Enumerable.Range(0, Draws).Select(_ => service.Draw(random) / 1e6);
    }
}
