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
        var (inBursts, between, atStart) = (0, 0, 0);
        for (var now = 0L; now < 1000 * Nanoseconds.PerSecond; now = arrivals.DrawNext(now, hasFailed: false, random))
        {
            var second = now / (double)Nanoseconds.PerSecond;
            _ = second < 2 ? atStart++ : second >= 10 && second % 10 < 2 ? inBursts++ : between++;
        }

        // The first two seconds have no burst. 99 bursts of two seconds follow, with eight seconds before each and after the last.
        Assert.InRange(atStart / 2.0, 70, 130);
        Assert.InRange(inBursts / 198.0, 490, 510);
        Assert.InRange(between / 800.0, 98, 102);
    }
}
