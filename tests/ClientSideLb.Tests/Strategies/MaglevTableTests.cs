using System.IO.Hashing;
using System.Text;
using CsCheck;

namespace ClientSideLb.Tests;

public sealed class MaglevTableTests
{
    // The slots in Envoy's own tests, test/extensions/load_balancing_policies/maglev/maglev_lb_test.cc.
    [Fact]
    public void The_slots_of_six_hosts_are_those_of_Envoy() =>
        Assert.Equal([92, 94, 90, 91, 95, 90, 93], SlotsOf(NamesFrom(90, 6), [1, 1, 1, 1, 1, 1], 7).Select(static owner => 90 + owner));

    [Fact]
    public void The_slots_of_two_hosts_of_different_weight_are_those_of_Envoy() =>
        Assert.Equal([1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1], SlotsOf(NamesFrom(90, 2), [1, 2], 17));

    // Envoy's algorithm word for word: it visits every host in every round.
    [Fact]
    public void All_slots_are_those_of_Envoys_algorithm_whatever_the_weights() =>
        Gen.Select(Gen.OneOf(Gen.Int[1, 4], Gen.Int[1, 65_535]).Array[1, 40], Gen.Bool, AnyOf.These(2, 3, 17, 211, 1_009, 4_099), Gen.Int[1_000, 60_000])
            .Sample(static (weights, isOneHeavy, size, port) =>
            {
                // Of forty or more hosts, one may be much heavier than all the others.
                weights = isOneHeavy ? [.. weights.Select(static weight => (weight % 7) + 1), .. Enumerable.Repeat(3, 40), 65_535] : weights;
                var names = NamesFrom(port, weights.Length);
                Array.Sort(names, StringComparer.Ordinal);

                Assert.Equal(SlotsLikeEnvoy(names, weights, size), SlotsOf(names, weights, size));
            });

    [Fact]
    public void Three_hosts_of_the_default_table_own_a_third_of_the_slots_each()
    {
        var owners = SlotsOf(["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"], [1, 1, 1], MaglevSettings.Default.TableSize);

        Assert.Equal([21_846, 21_846, 21_845], owners.CountBy(static owner => owner).OrderBy(static pair => pair.Key).Select(static pair => pair.Value));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(257)]
    [InlineData(1_000)]
    public void Equal_hosts_differ_by_one_slot_at_most(int count)
    {
        var counts = CountSlots(Enumerable.Repeat(1, count).ToArray(), MaglevSettings.Default.TableSize);

        Assert.Equal(65_537 / count, counts.Min());
        Assert.Equal((65_537 / count) + (65_537 % count == 0 ? 0 : 1), counts.Max());
    }

    [Fact]
    public void Hosts_own_slots_in_proportion_to_their_weights() =>
        Gen.Int[1, 100].Array[2, 12].Sample(static weights =>
        {
            var counts = CountSlots(weights, MaglevSettings.Default.TableSize);
            var sum = weights.Sum();

            for (var i = 0; i < weights.Length; i++)
            {
                // A host has a slot too many at most, and the last round is cut short.
                Assert.Equal(65_537.0 * weights[i] / sum, counts[i], 3.0);
            }
        });

    [Fact]
    public void The_lightest_host_has_a_slot_however_heavy_another_one_is() => Assert.Equal(1, CountSlots([65_535, 1], 101)[1]);

    [Fact]
    public void A_table_with_fewer_slots_than_hosts_is_full() => Assert.Equal(7, CountSlots([.. Enumerable.Repeat(1, 20)], 7).Sum());

    [Fact]
    public void A_table_without_hosts_is_empty() => Assert.True(new MaglevTable([], [], [], 3, 7).IsEmpty);

    [Theory]
    [InlineData(0UL)]
    [InlineData(12_345_678_901_234_567_890UL)]
    [InlineData(ulong.MaxValue)]
    public void A_retry_is_looked_up_as_in_Envoy(ulong hash)
    {
        var table = TableOf(NamesFrom(90, 6), [1, 1, 1, 1, 1, 1], 211);

        for (var attempt = 1u; attempt < 70; attempt++)
        {
            Assert.Equal(table.GetOwner(hash ^ (~0UL - attempt + 1)), table.GetOwner(hash, attempt));
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public void Every_endpoint_number_fits_into_a_slot(int endpoints)
    {
        var owners = new SlotOwners(slots: 3, endpoints);

        (owners[0], owners[1], owners[2]) = (endpoints - 1, 0, endpoints / 2);

        Assert.Equal((endpoints - 1, 0, endpoints / 2), (owners[0], owners[1], owners[2]));
    }

    [Theory]
    [InlineData(256, 1)]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void A_slot_takes_as_few_bytes_as_the_number_of_endpoints_permits(int endpoints, int bytes)
    {
        const int Slots = 10_007;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var owners = new SlotOwners(Slots, endpoints);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, owners[Slots - 1]);
        Assert.InRange(allocated, Slots * bytes, (Slots * bytes) + 200);
    }

    private static string[] NamesFrom(int port, int count) => [.. Enumerable.Range(0, count).Select(i => $"127.0.0.1:{port + i}")];

    private static MaglevTable TableOf(string[] names, int[] weights, int size) => new(names, weights, [.. Enumerable.Range(0, names.Length)], names.Length, size);

    private static int[] SlotsOf(string[] names, int[] weights, int size)
    {
        var table = TableOf(names, weights, size);
        return [.. Enumerable.Range(0, size).Select(slot => table.GetOwner((ulong)slot))];
    }

    private static int[] CountSlots(int[] weights, int size)
    {
        var counts = new int[weights.Length];
        foreach (var owner in SlotsOf([.. weights.Select(static (_, i) => $"10.0.{i / 250}.{i % 250}:80")], weights, size))
        {
            counts[owner]++;
        }

        return counts;
    }

    private static int[] SlotsLikeEnvoy(string[] names, int[] weights, int size)
    {
        var sum = (double)weights.Sum();
        var shares = Array.ConvertAll(weights, weight => weight / sum);
        var greatest = shares.Max();
        var targets = new double[names.Length];
        var next = new ulong[names.Length];
        var slots = new int[size];
        Array.Fill(slots, -1);
        var taken = 0;
        for (var round = 1; taken < size; round++)
        {
            for (var i = 0; i < names.Length && taken < size; i++)
            {
                if (round * shares[i] < targets[i])
                {
                    continue;
                }

                targets[i] += greatest;
                while (slots[Permutation(names[i], next[i], size)] >= 0)
                {
                    next[i]++;
                }

                slots[Permutation(names[i], next[i]++, size)] = i;
                taken++;
            }
        }

        return slots;
    }

    private static int Permutation(string name, ulong next, int size)
    {
        var offset = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name)) % (ulong)size;
        var skip = (XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name), seed: 1) % (ulong)(size - 1)) + 1;
        return (int)((offset + (skip * next)) % (ulong)size);
    }
}
