using CsCheck;

namespace ClientSideLb.Tests;

public sealed class LoadRunTests
{
    // The clusters have grown, so that their counts are in several arrays. Some endpoints are not available.
    private static readonly Gen<(int[] InFlight, bool[] Available, int[] Growth)> GenCluster =
        from growth in Gen.Int[1, 150].Array[1, 4]
        let count = growth.Sum()
        from inFlight in Gen.Int[0, 9].Array[count]
        from available in Gen.Int[0, 4].Array[count]
        select (inFlight, Array.ConvertAll(available, static dice => dice != 0), growth);

    [Fact]
    public void The_pick_from_many_has_the_fewest_requests_in_flight() =>
        Gen.Select(GenCluster, Gen.Int).Sample((cluster, seed) =>
        {
            var all = Make(cluster.Growth, cluster.InFlight);
            ClusterEndpoint[] available = [.. all.Where((_, i) => cluster.Available[i])];
            if (available.Length == 0)
            {
                return;
            }

            var pick = PickerOf(all, available).Pick(new PickContext(new SeededRandom(seed)));

            Assert.Contains(pick, available);
            Assert.Equal(available.Min(static endpoint => endpoint.InFlight), pick!.InFlight);
        });

    [Fact]
    public void All_endpoints_that_tie_are_equally_likely() =>
        GenCluster.Sample(static cluster =>
        {
            var all = Make(cluster.Growth, cluster.InFlight);
            ClusterEndpoint[] available = [.. all.Where((_, i) => cluster.Available[i])];
            if (available.Length == 0)
            {
                return;
            }

            var picker = PickerOf(all, available);
            var least = available.Min(static endpoint => endpoint.InFlight);

            Spread.AssertChances(
                available, [.. available.Select(endpoint => endpoint.InFlight == least ? 1 : 0)], random => picker.Pick(new PickContext(random)));
        });

    [Fact]
    public void A_retry_goes_to_the_least_loaded_of_those_not_yet_tried()
    {
        var all = Make([100], new int[100]);
        Array.ForEach(all[..98], static endpoint => endpoint.AddInFlight());

        var pick = PickerOf(all, all).Pick(new PickContext(new SeededRandom(1), excluded: [all[98]]));

        Assert.Same(all[99], pick);
    }

    [Fact]
    public void Requests_fill_a_thousand_endpoints_evenly()
    {
        var all = Make([1_000], new int[1_000]);
        var picker = PickerOf(all, all);
        var random = new SeededRandom(3);

        for (var i = 0; i < 3_000; i++)
        {
            picker.Pick(new PickContext(random))!.AddInFlight();
        }

        Assert.All(all, static endpoint => Assert.Equal(3, endpoint.InFlight));
    }

    [Fact]
    public async Task Counts_that_move_during_a_pick_never_make_it_miss()
    {
        var all = Make([256], new int[256]);
        var picker = PickerOf(all, all);
        using var stop = new CancellationTokenSource();
        var mover = Task.Run(() =>
        {
            var random = new SeededRandom(7);
            while (!stop.IsCancellationRequested)
            {
                var endpoint = all[random.Next(all.Length)];
                endpoint.AddInFlight();
                endpoint.RemoveInFlight();
            }
        });

        for (var i = 0; i < 50_000; i++)
        {
            Assert.NotNull(picker.Pick(new PickContext(Random.Shared)));
        }

        await stop.CancelAsync();
        await mover;
    }

    private static EndpointPicker PickerOf(ClusterEndpoint[] all, ClusterEndpoint[] available) =>
        new LeastConnectionsStrategy().CreatePicker(new EndpointSet(all, available, new SeededRandom(1)));

    private static ClusterEndpoint[] Make(int[] growth, int[] inFlight)
    {
        var table = new InFlightTable();
        var endpoints = new List<ClusterEndpoint>();
        foreach (var joining in growth)
        {
            var count = endpoints.Count + joining;
            endpoints.AddRange(Enumerable.Range(0, joining).Select(_ => new ClusterEndpoint(Backends.Described("http://10.0.0.1"), table.Take(count))));
        }

        Backends.Load(endpoints, inFlight);
        return [.. endpoints];
    }
}
