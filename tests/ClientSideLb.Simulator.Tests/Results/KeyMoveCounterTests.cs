using ClientSideLb.Simulator.Results;

namespace ClientSideLb.Simulator.Tests.Results;

public sealed class KeyMoveCounterTests
{
    [Fact]
    public void A_key_that_moves_several_times_counts_once()
    {
        var counter = new KeyMoveCounter(keys: 3);
        foreach (var (key, backend) in ((int, int)[])[(0, 1), (0, 2), (0, 1), (1, 1), (1, 1)])
        {
            counter.Add(key, backend);
        }

        Assert.Equal(0.5, KeyMoveCounter.GetShare([counter]));
    }
}
