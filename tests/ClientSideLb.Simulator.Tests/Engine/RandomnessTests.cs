namespace ClientSideLb.Simulator.Tests.Engine;

public sealed class RandomnessTests
{
    private const int Draws = 400_000;

    public static TheoryData<ServiceTime> ServiceTimes =>
    [
        new ConstantTime(), new ExponentialTime(), new LognormalTime { Sigma = 0.7 }, new ParetoTime { Shape = 3 },
        new MeasuredTime { Milliseconds = [5, 10, 15] },
    ];

    [Fact]
    public void The_logarithm_and_the_exponential_are_those_of_mathematics()
    {
        var random = new SeededRandom(1, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var x = Math.Pow(10, (random.NextDouble() * 40) - 20);
            Assert.Equal(Math.Log(x), ExactMath.Log(x), Math.Abs(Math.Log(x) * 1e-14) + 1e-16);

            var y = (random.NextDouble() * 100) - 50;
            Assert.Equal(1, ExactMath.Exp(y) / Math.Exp(y), 1e-13);
        }
    }

    [Fact]
    public void Numbers_are_spread_evenly_below_their_bound()
    {
        const int Bound = 7;

        var random = new SeededRandom(1, 0);
        var counts = new int[Bound];
        for (var i = 0; i < Draws; i++)
        {
            counts[random.Next(Bound)]++;
        }

        // Five standard deviations of a binomial count.
        var mean = (double)Draws / Bound;
        Assert.All(counts, count => Assert.InRange(count, mean - (5 * Math.Sqrt(mean)), mean + (5 * Math.Sqrt(mean))));
    }

    [Fact]
    public void Streams_of_one_seed_and_seeds_of_one_stream_differ()
    {
        var numbers = new[] { (1, 0), (1, 1), (2, 0), (2, 1) }.Select(static pair => new SeededRandom(pair.Item1, pair.Item2).NextInt64()).ToArray();

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(ServiceTimes))]
    public void Service_times_have_the_mean_that_was_asked_for(ServiceTime service)
    {
        var random = new SeededRandom(1, 0);

        var mean = Enumerable.Range(0, Draws).Average(_ => service.Draw(random)) / 1e6;

        Assert.InRange(mean, 9.9, 10.1);
        Assert.Equal(0.010, service.MeanSeconds, 9);
    }

    [Fact]
    public void Of_lognormal_times_one_in_a_hundred_takes_as_long_as_the_documentation_says()
    {
        var random = new SeededRandom(1, 0);
        var service = new LognormalTime();

        var times = Enumerable.Range(0, Draws).Select(_ => service.Draw(random) / 1e6).Order().ToArray();

        Assert.InRange(times[Draws * 99 / 100], 60, 64);
    }

    [Fact]
    public void Keys_are_as_popular_as_Zipf_says()
    {
        var random = new SeededRandom(1, 0);
        var sampler = new KeySampler(new KeyPopularity { Count = 1000, Skew = 1 });
        var counts = new int[1000];
        for (var i = 0; i < Draws; i++)
        {
            counts[sampler.Draw(random)]++;
        }

        Assert.InRange((double)counts[0] / counts[1], 1.95, 2.05);
        Assert.InRange((double)counts[0] / counts[9], 9.5, 10.5);
    }

    [Fact]
    public void Bursts_come_when_they_should_and_have_the_rate_that_was_asked_for()
    {
        var random = new SeededRandom(1, 0);
        var arrivals = ArrivalTimes.Of(
            new BurstArrivals { Rate = 100, Factor = 5, Every = TimeSpan.FromSeconds(10), Length = TimeSpan.FromSeconds(2) }, clients: 1);
        var (inBurst, outside) = (0, 0);
        for (var now = 0L; now < 1000 * Nanoseconds.PerSecond; now = arrivals.Next(now, hasFailed: false, random))
        {
            var second = now / (double)Nanoseconds.PerSecond;
            _ = second >= 10 && second % 10 < 2 ? inBurst++ : outside++;
        }

        Assert.InRange(inBurst / 198.0, 490, 510);
        Assert.InRange(outside / 802.0, 98, 102);
    }
}
