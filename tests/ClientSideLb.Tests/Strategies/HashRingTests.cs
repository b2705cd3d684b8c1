using System.IO.Hashing;
using System.Text;
using CsCheck;

namespace ClientSideLb.Tests;

public sealed class HashRingTests
{
    // The positions in Envoy's own tests, test/extensions/load_balancing_policies/ring_hash/ring_hash_lb_test.cc.
    private static readonly (int Port, ulong Position)[] SixHosts =
    [
        (94, 833437586790550860),
        (92, 928266305478181108),
        (90, 1033482794131418490),
        (95, 3551244743356806947),
        (93, 3851675632748031481),
        (91, 5583722120771150861),
        (91, 6311230543546372928),
        (93, 7700377290971790572),
        (95, 13144177310400110813),
        (92, 13444792449719432967),
        (94, 15516499411664133160),
        (90, 16117243373044804889),
    ];

    private static readonly (int Port, ulong Position)[] TwoHosts =
    [
        (80, 5454692015285649509),
        (81, 7859399908942313493),
        (80, 13838424394637650569),
        (81, 16064866803292627174),
    ];

    private static readonly (int Port, ulong Position)[] TwoOtherHosts =
    [
        (81, 7859399908942313493),
        (82, 8241336090459785962),
        (82, 12882406409176325258),
        (81, 16064866803292627174),
    ];

    private static readonly (int Port, ulong Position)[] WeightedHosts =
    [
        (92, 928266305478181108),
        (92, 4443673547860492590),
        (91, 5583722120771150861),
        (91, 6311230543546372928),
        (92, 13444792449719432967),
        (90, 16117243373044804889),
    ];

    [Fact]
    public void The_points_of_six_hosts_are_where_Envoy_has_them() => AssertRing(RingOf(90, [2, 2, 2, 2, 2, 2]), 90, SixHosts);

    [Fact]
    public void The_points_of_two_hosts_are_where_Envoy_has_them()
    {
        AssertRing(RingOf(80, [2, 2]), 80, TwoHosts);
        AssertRing(RingOf(81, [2, 2]), 81, TwoOtherHosts);
    }

    [Fact]
    public void The_points_of_weighted_hosts_are_where_Envoy_has_them() => AssertRing(RingOf(90, [1, 2, 3]), 90, WeightedHosts);

    // Envoy's histograms from the same file: hashes at equal distances around the ring, counted by host.
    [Theory]
    [InlineData(6144, 8388608, new[] { 1, 2, 3 }, 6000, new[] { 987, 1932, 3081 })]
    [InlineData(9216, 8388608, new[] { 1, 2, 2, 4 }, 9000, new[] { 924, 2009, 2053, 4014 })]
    [InlineData(1023, 1023, new[] { 1, 1 }, 1023, new[] { 526, 497 })]
    public void A_large_ring_is_the_one_that_Envoy_builds(int min, int max, int[] weights, int hashes, int[] expected)
    {
        var ring = RingOf(90, RingSizing.CountPoints(weights, new RingSettings(160, EnvoyCompatible: true, min, max)));

        var counts = new int[weights.Length];
        for (var i = 0; i < hashes; i++)
        {
            counts[ring.GetOwner(ring.Find((ulong)i * (ulong.MaxValue / (ulong)hashes)))]++;
        }

        Assert.Equal(expected, counts);
    }

    // Published test vectors of XXH64 with seed 0.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("xxhash", 0x32DD38952C4BC720)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void A_key_is_hashed_by_XXH64(string key, ulong hash) => Assert.Equal(hash, KeyHash.Of(key));

    [Fact]
    public void A_key_of_any_length_and_script_is_hashed_by_its_UTF8_bytes() =>
        Gen.Select(AnyOf.These("a", "ü", "€", "𝄞", "日本"), Gen.Int[0, 1_200]).Sample((text, times) =>
        {
            var key = string.Concat(Enumerable.Repeat(text, times));

            Assert.Equal(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(key)), KeyHash.Of(key));
        });

    [Fact]
    public void A_hash_belongs_to_the_first_point_at_or_after_it() =>
        Gen.Select(Gen.Int[0, 5].Array[1, 12], Gen.ULong.Array[1, 50]).Where(static both => both.Item1.Sum() > 0).Sample((counts, hashes) =>
        {
            var ring = RingOf(5000, counts);
            var points = counts
                .SelectMany(static (count, host) => Enumerable.Range(0, count).Select(i => (Hash: KeyHash.Of($"127.0.0.1:{5000 + host}_{i}"), Host: host)))
                .OrderBy(static point => point.Hash)
                .ToList();

            foreach (var hash in hashes.Concat(points.Select(static point => point.Hash)))
            {
                var after = points.Where(point => point.Hash >= hash).ToList();
                Assert.Equal(after.Count > 0 ? after[0].Host : points[0].Host, ring.GetOwner(ring.Find(hash)));
            }
        });

    private static HashRing RingOf(int firstPort, int[] counts) => new(
        [.. counts.Select((_, i) => $"127.0.0.1:{firstPort + i}")], counts, [.. Enumerable.Range(0, counts.Length)]);

    // A hash at a point belongs to that point, and the next hash belongs to the next point.
    private static void AssertRing(HashRing ring, int firstPort, (int Port, ulong Position)[] points)
    {
        Assert.Equal(points.Length, ring.Length);
        for (var i = 0; i < points.Length; i++)
        {
            Assert.Equal(i, ring.Find(points[i].Position));
            Assert.Equal(i + 1, ring.Find(points[i].Position + 1));
            Assert.Equal(points[i].Port, firstPort + ring.GetOwner(i));
        }

        Assert.Equal(ring.GetOwner(0), ring.GetOwner(ring.Find(ulong.MaxValue)));
    }
}
