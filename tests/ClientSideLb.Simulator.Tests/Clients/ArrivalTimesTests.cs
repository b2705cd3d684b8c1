using ClientSideLb.Simulator.Clients;
using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Tests.Clients;

public sealed class ArrivalTimesTests
{
    [Fact]
    public void Bursts_come_at_their_times_and_with_their_rate()
    {
        var random = new SeededRandom(1, 0);
        var arrivals = ArrivalTimes.Create(
            new BurstArrivals { Rate = 100, Factor = 5, Every = TimeSpan.FromSeconds(10), Length = TimeSpan.FromSeconds(2) }, clients: 1);
        var (inBursts, between) = (0, 0);
        for (var now = 0L; now < 1000 * Nanoseconds.PerSecond; now = arrivals.DrawNext(now, hasFailed: false, random))
        {
            var second = now / (double)Nanoseconds.PerSecond;
            _ = second >= 10 && second % 10 < 2 ? inBursts++ : between++;
        }

        // 99 bursts of two seconds, and the rest of a thousand seconds.
        Assert.InRange(inBursts / 198.0, 490, 510);
        Assert.InRange(between / 802.0, 98, 102);
    }
}
