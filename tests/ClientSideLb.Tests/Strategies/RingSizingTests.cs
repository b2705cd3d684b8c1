using CsCheck;

namespace ClientSideLb.Tests;

public sealed class RingSizingTests
{
    private static readonly RingSettings Envoy = RingSettings.Default with { EnvoyCompatible = true };

    [Fact]
    public void An_endpoint_has_its_points_by_its_weight_alone() =>
        Assert.Equal([160, 320, 160 * 7], RingSizing.CountPoints([1, 2, 7], RingSettings.Default));

    [Fact]
    public void All_endpoints_are_scaled_down_together_on_a_ring_at_its_maximum_size() =>
        Assert.Equal([100, 200, 700], RingSizing.CountPoints([1, 2, 7], RingSettings.Default with { MaxRingSize = 1_000 }));

    [Fact]
    public void The_ring_is_never_larger_than_allowed_as_long_as_each_endpoint_may_have_a_point() =>
        Gen.Select(Gen.Int[1, ushort.MaxValue].Array[1, 200], Gen.Int[1, 65_536], Gen.Int[100_000, RingSettings.MaximumRingSize])
            .Sample((weights, pointsPerWeight, max) =>
            {
                var counts = RingSizing.CountPoints(weights, new RingSettings(pointsPerWeight, false, 1, max));

                // An endpoint that is too light for a point gets one nevertheless.
                Assert.InRange(counts.Sum(), 1, max + weights.Length);
                Assert.All(counts, static count => Assert.True(count >= 1));
                Assert.Equal(counts.Order(), weights.Zip(counts).OrderBy(static pair => pair.First).Select(static pair => pair.Second));
            });

    [Theory]
    [InlineData(9, 114)]
    [InlineData(10, 103)]
    public void An_Envoy_compatible_ring_has_as_many_points_for_each_as_fill_the_least_size(int count, int points) =>
        Assert.Equal(Enumerable.Repeat(points, count), RingSizing.CountPoints([.. Enumerable.Repeat(1, count)], Envoy));

    // The sizes in Envoy's own tests, test/extensions/load_balancing_policies/ring_hash/ring_hash_lb_test.cc.
    [Theory]
    [InlineData(12, 8388608, new[] { 1, 1, 1, 1, 1, 1 }, new[] { 2, 2, 2, 2, 2, 2 })]
    [InlineData(12, 8388608, new[] { 1 }, new[] { 12 })]
    [InlineData(3, 8388608, new[] { 1, 1 }, new[] { 2, 2 })]
    [InlineData(6, 6, new[] { 1, 2, 3 }, new[] { 1, 2, 3 })]
    [InlineData(6144, 8388608, new[] { 1, 2, 3 }, new[] { 1024, 2048, 3072 })]
    [InlineData(9, 9, new[] { 1, 2, 2, 4 }, new[] { 1, 2, 2, 4 })]
    [InlineData(9216, 8388608, new[] { 1, 2, 2, 4 }, new[] { 1024, 2048, 2048, 4096 })]
    [InlineData(2, 2, new[] { 1, 1, 1, 1 }, new[] { 1, 0, 1, 0 })]
    [InlineData(1023, 1023, new[] { 1, 1 }, new[] { 512, 511 })]
    public void An_Envoy_compatible_ring_has_the_sizes_of_Envoy(int min, int max, int[] weights, int[] points) =>
        Assert.Equal(points, RingSizing.CountPoints(weights, new RingSettings(160, true, min, max)));

    [Fact]
    public void An_Envoy_compatible_ring_is_scaled_by_the_least_weight() =>
        Gen.Select(Gen.Int[1, 100].Array[1, 20], Gen.Int[1, 4096], Gen.Int[4096, 100_000]).Sample((weights, min, max) =>
        {
            var counts = RingSizing.CountPoints(weights, new RingSettings(160, true, min, max));

            // scale = min(ceil(least × min) / least, max), with least the least weight of all, normalised to a sum of 1.
            var sum = (double)weights.Sum();
            var least = weights.Min() / sum;
            var scale = Math.Min(Math.Ceiling(least * min) / least, max);
            Assert.InRange(counts.Sum(), scale - 1e-6, scale + 1 + 1e-6);
            Assert.All(counts.Zip(weights), pair => Assert.InRange(pair.First, (scale * pair.Second / sum) - 1.001, (scale * pair.Second / sum) + 1.001));
        });

    [Fact]
    public void A_ring_without_endpoints_has_no_points()
    {
        Assert.Empty(RingSizing.CountPoints([], RingSettings.Default));
        Assert.Empty(RingSizing.CountPoints([], Envoy));
    }
}
