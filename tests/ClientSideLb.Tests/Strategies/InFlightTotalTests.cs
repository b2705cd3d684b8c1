using CsCheck;

namespace ClientSideLb.Tests;

public sealed class InFlightTotalTests
{
    // The clusters have grown, so that their counts are in several arrays. Others of the cluster are not in the sum.
    [Fact]
    public void The_requests_at_all_endpoints_are_added_up_and_no_others() =>
        (from growth in Gen.Int[1, 150].Array[1, 4]
         let count = growth.Sum()
         from inFlight in Gen.Int[0, 9].Array[count]
         from dice in Gen.Int[0, 9].Array[count]
         from sparsity in Gen.Int[1, 9]
         select (growth, inFlight, dice, sparsity)).Sample(static cluster =>
        {
            var all = Make(cluster.growth);
            Backends.Load(all, cluster.inFlight);
            ClusterEndpoint[] some = [.. all.Where((_, i) => cluster.dice[i] >= cluster.sparsity)];

            Assert.Equal(some.Sum(static endpoint => endpoint.InFlight), new InFlightTotal(some).Count());
        });

    [Fact]
    public void A_change_shows_in_the_next_sum()
    {
        var endpoints = Make([100]);
        var total = new InFlightTotal(endpoints);
        endpoints[99].AddInFlight();
        endpoints[3].AddInFlight();
        Assert.Equal(2, total.Count());

        endpoints[3].RemoveInFlight();

        Assert.Equal(1, total.Count());
    }

    private static ClusterEndpoint[] Make(int[] growth)
    {
        var table = new InFlightTable();
        return [.. growth.SelectMany(count => Enumerable.Range(0, count).Select(_ => count)).Select((count, i) =>
            new ClusterEndpoint(new EndpointDescription(new EndpointAddress(Backends.AddressOf(i))), table.Take(count)))];
    }
}
