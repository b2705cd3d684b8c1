using System.Net;
using CsCheck;

namespace ClientSideLb.Tests;

public sealed class IpHashStrategyTests
{
    private static readonly Gen<IPAddress> GenAddress = Gen.OneOf(
        Gen.Byte.Array[4].Select(static bytes => new IPAddress(bytes)),
        Gen.Byte.Array[16].Select(static bytes => new IPAddress(bytes)));

    [Fact]
    public void A_caller_always_meets_the_same_endpoint_from_every_client() =>
        Gen.Select(GenAddress, Gen.Int[1, 50], Gen.Int).Sample((caller, count, seed) =>
        {
            // Another source lists the same backends in another order.
            var here = Backends.Equal(count);
            var there = Backends.Equal(count);
            new SeededRandom(seed).Shuffle(there);

            var pick = Pick(PickerOf(here), caller);

            Assert.Equal(pick.Address, Pick(PickerOf(here), caller).Address);
            Assert.Equal(pick.Address, Pick(PickerOf(there), caller).Address);
        });

    [Fact]
    public void An_IPv4_caller_is_the_same_when_shown_as_IPv6()
    {
        var picker = PickerOf(Backends.Equal(100));

        Assert.All(Callers(500), caller => Assert.Same(Pick(picker, caller), Pick(picker, caller.MapToIPv6())));
    }

    [Fact]
    public void An_outage_moves_the_callers_of_that_endpoint_only_and_they_return_with_it()
    {
        var endpoints = Backends.Equal(8);
        var all = PickerOf(endpoints);
        for (var outage = 0; outage < endpoints.Length; outage++)
        {
            var without = new IpHashStrategy().CreatePicker(Backends.SetOf(endpoints, Without(endpoints, outage), previous: all));
            var after = new IpHashStrategy().CreatePicker(Backends.SetOf(endpoints, endpoints, previous: without));
            var moved = new List<ClusterEndpoint?>();
            foreach (var caller in Callers(2_000))
            {
                var home = Pick(all, caller);
                var meanwhile = Pick(without, caller);
                if (home == endpoints[outage])
                {
                    moved.Add(meanwhile);
                }
                else
                {
                    Assert.Same(home, meanwhile);
                }

                Assert.Same(home, Pick(after, caller));
            }

            // The callers that moved are spread over all others: 250 over 7. Five standard deviations are 28.
            Spread.AssertEqualShares(Spread.Count(Without(endpoints, outage), moved), 0.8);
        }
    }

    [Fact]
    public void Callers_leave_an_endpoint_already_tried_as_in_an_outage()
    {
        var endpoints = Backends.Equal(8);
        var picker = PickerOf(endpoints);
        var without = new IpHashStrategy().CreatePicker(Backends.SetOf(endpoints, Without(endpoints, 3)));

        foreach (var caller in Callers(500))
        {
            var retry = picker.Pick(new PickContext(new NoRandom(), clientIp: caller, excluded: [endpoints[3]]));
            Assert.Same(Pick(without, caller), retry);
        }
    }

    [Fact]
    public void Weights_do_not_change_the_pick()
    {
        var equal = PickerOf(Backends.Equal(3));
        var weighted = PickerOf(Backends.Weighted(1, 1000, 7));

        Assert.All(Callers(500), caller => Assert.Equal(Pick(equal, caller).Address, Pick(weighted, caller).Address));
    }

    [Fact]
    public void The_hash_key_of_the_request_does_not_change_the_pick()
    {
        var picker = PickerOf(Backends.Equal(20));
        var caller = IPAddress.Parse("192.0.2.7");

        Assert.All(
            Enumerable.Range(0, 100),
            i => Assert.Same(Pick(picker, caller), picker.Pick(new PickContext(new NoRandom(), $"key-{i}", caller))));
    }

    [Fact]
    public void Every_caller_meets_the_only_available_one_of_a_thousand_endpoints()
    {
        var endpoints = Backends.Equal(1_000);
        var picker = new IpHashStrategy().CreatePicker(Backends.SetOf(endpoints, [endpoints[777]]));

        Assert.All(Callers(200), caller => Assert.Same(endpoints[777], Pick(picker, caller)));
    }

    private static ClusterEndpoint[] Without(ClusterEndpoint[] endpoints, int index) => [.. endpoints.Where((_, i) => i != index)];

    private static EndpointPicker PickerOf(ClusterEndpoint[] endpoints) => new IpHashStrategy().CreatePicker(Backends.SetOf(endpoints));

    private static ClusterEndpoint Pick(EndpointPicker picker, IPAddress caller)
    {
        var pick = picker.Pick(new PickContext(new NoRandom(), clientIp: caller));
        Assert.NotNull(pick);
        return pick;
    }

    private static IEnumerable<IPAddress> Callers(int count) =>
        Enumerable.Range(0, count).Select(static i => new IPAddress([198, 51, (byte)(i >> 8), (byte)i]));
}
