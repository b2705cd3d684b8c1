using CsCheck;

namespace ClientSideLb.Tests;

public sealed class WeightsTests
{
    [Fact]
    public void Reduced_weights_have_the_same_proportions_and_nothing_in_common() =>
        Gen.Select(Gen.Int[1, 300].Array[1, 8], Gen.Int[1, 200]).Sample((weights, factor) =>
        {
            var reduced = Weights.Reduce([.. weights.Select(weight => weight * factor)]);

            Assert.Equal(weights.Select(weight => (long)weight * reduced[0]), reduced.Select(weight => (long)weight * weights[0]));
            Assert.DoesNotContain(Enumerable.Range(2, 300), divisor => reduced.All(weight => weight % divisor == 0));
        });

    [Fact]
    public void A_later_change_of_a_weight_does_not_reach_the_copy()
    {
        var endpoints = Backends.Weighted(2, 3);

        var copy = Weights.GetEffective(endpoints);
        endpoints[0].SetDescription(new EndpointDescription(endpoints[0].Location, Weight: 9));

        Assert.Equal([2, 3], copy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, 4)]
    [InlineData(true, 4, 4, 4)]
    [InlineData(false, 4, 4, 3)]
    public void Weights_are_equal_when_none_differs(bool equal, params int[] weights) => Assert.Equal(equal, Weights.AreEqual(weights));
}
