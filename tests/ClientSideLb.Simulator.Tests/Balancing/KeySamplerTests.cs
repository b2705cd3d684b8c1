using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Tests.Balancing;

public sealed class KeySamplerTests
{
    [Fact]
    public void Keys_are_as_popular_as_Zipfs_law_says()
    {
        var random = new SeededRandom(1, 0);
        var sampler = new KeySampler(new KeyPopularity { Count = 1000, Skew = 1 });

        var counts = Enumerable.Range(0, 400_000).CountBy(_ => sampler.Draw(random)).ToDictionary();

        Assert.InRange((double)counts[0] / counts[1], 1.95, 2.05);
        Assert.InRange((double)counts[0] / counts[9], 9.5, 10.5);
    }
}
