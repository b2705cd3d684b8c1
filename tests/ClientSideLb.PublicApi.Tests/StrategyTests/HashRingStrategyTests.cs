using ClientSideLb.PublicApi.Tests.Strategies;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

public sealed class HashRingStrategyTests
{
    private readonly HashRingStrategy _strategy = new();

    [Fact]
    public void The_ring_is_taken_over_while_the_list_of_all_endpoints_is_the_same()
    {
        var endpoints = Endpoints.Equal(3);
        var before = _strategy.CreatePicker(Endpoints.SetOf(endpoints));

        var after = _strategy.CreatePicker(Endpoints.SetOf(endpoints, endpoints[1..], before));

        Assert.Same(RingOf(before), RingOf(after));
    }

    [Fact]
    public void The_ring_is_made_again_for_another_list_of_endpoints()
    {
        var endpoints = Endpoints.Equal(3);
        var before = _strategy.CreatePicker(Endpoints.SetOf(endpoints));

        var after = _strategy.CreatePicker(Endpoints.SetOf(endpoints[1..], previous: before));

        Assert.NotSame(RingOf(before), RingOf(after));
    }

    [Fact]
    public void A_cluster_keeps_the_ring_through_an_outage()
    {
        var spy = new PickerSpy(_strategy);
        using var client = new BalancedClient(spy, ["http://a", "http://b", "http://c"]);

        client.DrainAndResume("http://b");

        // One picker from the start, one without the drained endpoint, and one with it.
        Assert.Equal(3, spy.Pickers.Count);
        Assert.Single(spy.Pickers.Select(RingOf).Distinct());
    }

    [Fact]
    public void An_endpoint_that_joins_takes_keys_from_the_others_and_moves_no_other_key()
    {
        var endpoints = Endpoints.Equal(5);
        var before = _strategy.CreatePicker(Endpoints.SetOf(endpoints[..4]));
        var after = _strategy.CreatePicker(Endpoints.SetOf(endpoints, previous: before));
        var moved = 0;

        for (var key = 0; key < 1_000; key++)
        {
            var context = new PickContext(new Random(1), $"/orders/{key}");
            var (old, now) = (before.Pick(in context), after.Pick(in context));
            Assert.True(now == old || now == endpoints[4]);
            moved += now == old ? 0 : 1;
        }

        Assert.InRange(moved, 100, 300);
    }

    private static HashRing RingOf(EndpointPicker picker) => Assert.IsType<HashRingStrategy.Picker>(picker).Ring;
}
