using ClientSideLb.Dns.Lookup;

namespace ClientSideLb.Dns.Tests.Lookup;

public sealed class SrvWeightsTests
{
    [Fact]
    public void Weights_are_used_as_they_are() => Assert.Equal([20, 20, 60], SrvWeights.Spread([(20, 1), (20, 1), (60, 1)]));

    [Fact]
    public void Targets_are_equal_if_all_weights_are_zero() => Assert.Equal([1, 1, 1], SrvWeights.Spread([(0, 1), (0, 1), (0, 1)]));

    [Fact]
    public void A_weight_of_zero_beside_others_is_a_hundredth_of_the_smallest() => Assert.Equal([100, 300, 1], SrvWeights.Spread([(10, 1), (30, 1), (0, 1)]).Select(static weight => weight).ToArray());

    [Fact]
    public void The_addresses_of_a_target_share_its_weight() => Assert.Equal([5, 10], SrvWeights.Spread([(10, 2), (10, 1)]));

    [Fact]
    public void Shares_that_are_no_whole_numbers_are_scaled() => Assert.Equal([1, 3], SrvWeights.Spread([(1, 3), (1, 1)]));

    [Fact]
    public void No_endpoint_is_drained_and_none_is_too_heavy()
    {
        var weights = SrvWeights.Spread([(65535, 1), (1, 7), (0, 3)]);

        Assert.Equal([65535, 1, 1], weights);
    }
}
