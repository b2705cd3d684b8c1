using System.Runtime.CompilerServices;

namespace ClientSideLb.Tests;

public sealed class BodyWatchTests
{
    [Fact]
    public async Task Only_dropped_bodies_release_their_leases()
    {
        var kept = Enumerable.Range(0, 50).Select(static _ => new TrackedResponse(new TestBody(100))).ToArray();
        var dropped = Enumerable.Range(0, 50).Select(static _ => Abandon()).ToArray();

        await AssertReleasedAsync(dropped);

        Assert.All(kept, static response => Assert.True(response.IsInFlight));
        foreach (var response in kept)
        {
            await response.Content.CopyToAsync(Stream.Null);
            Assert.False(response.IsInFlight);
        }
    }

    [Fact]
    public async Task A_dropped_body_releases_its_lease_after_a_time_without_bodies_too()
    {
        for (var i = 0; i < 3; i++)
        {
            await AssertReleasedAsync(Abandon());
            for (var idle = 0; idle < 5; idle++)
            {
                Collect();
            }
        }
    }

    [Fact]
    public async Task A_dropped_body_releases_its_lease_after_another_body_has_ended()
    {
        for (var i = 0; i < 20; i++)
        {
            new TrackedResponse(new TestBody(100)).Response.Dispose();
            await AssertReleasedAsync(Abandon());
        }
    }

    [Fact]
    public async Task A_body_that_has_ended_and_is_kept_does_not_keep_the_lease_of_another()
    {
        var ended = new TrackedResponse(new TestBody(100));
        ended.Response.Dispose();

        await AssertReleasedAsync(Abandon());

        GC.KeepAlive(ended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_collection_of_young_objects_releases_the_lease_of_a_dropped_body(bool livedThroughIt) =>
        AssertUndisturbed(collections: 2, () =>
        {
            var old = new TrackedResponse(new TestBody(100));
            if (!livedThroughIt)
            {
                old.Response.Dispose();
            }

            Collect();
            old.Response.Dispose();
            var isInFlight = Abandon();
            Collect();
            return !isInFlight();
        });

    [Fact]
    public void A_thread_on_which_bodies_only_end_keeps_few_of_their_watches() =>
        AssertUndisturbed(collections: 1, static () => CountAlive(EndHere(3 * BodyWatch.MaxSpares)) <= BodyWatch.MaxSpares);

    [Fact]
    public void A_thread_on_which_bodies_only_end_does_not_gather_watches_over_many_collections()
    {
        var watches = Enumerable.Range(0, 50).SelectMany(static _ =>
        {
            var ended = EndHere(1);
            Collect();
            return ended;
        }).ToList();

        Assert.InRange(CountAlive(watches), 0, 2);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference<BodyWatch>> EndHere(int bodies)
    {
        var watches = new List<BodyWatch>();
        OnAThreadOfItsOwn(() => watches.AddRange(Enumerable.Range(0, bodies).Select(static _ => BodyWatch.Begin(Lease()))));
        watches.ForEach(static watch => watch.End());
        return watches.ConvertAll(static watch => new WeakReference<BodyWatch>(watch));
    }

    private static int CountAlive(List<WeakReference<BodyWatch>> watches)
    {
        GC.Collect();
        return watches.Count(static watch => watch.TryGetTarget(out _));
    }

    private static void OnAThreadOfItsOwn(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    // Other tests run meanwhile, and may start the collector at any time.
    private static void AssertUndisturbed(int collections, Func<bool> holds)
    {
        const int Tries = 20;
        var undisturbed = 0;
        for (var i = 0; i < Tries; i++)
        {
            var before = GC.CollectionCount(generation: 0);
            var held = holds();
            if (GC.CollectionCount(generation: 0) == before + collections)
            {
                undisturbed++;
                Assert.True(held);
            }
        }

        Assert.NotEqual(0, undisturbed);
    }

    private static Task AssertReleasedAsync(params Func<bool>[] isInFlight) =>
        Eventually.TrueAfterCollection(() => !Array.Exists(isInFlight, static isIt => isIt()), "the leases are released");

    private static void Collect()
    {
        GC.Collect(generation: 0);
        GC.WaitForPendingFinalizers();
    }

    private static EndpointLease Lease() => EndpointLease.TryTake(new ClusterEndpoint(new Uri("http://10.0.0.1:8080")), started: 0)!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<bool> Abandon()
    {
        var tracked = new TrackedResponse(new HttpResponseMessage { Content = new StreamContent(new TestBody(100)) }, HttpMethod.Get);
        Assert.True(tracked.IsInFlight);
        return tracked.Watch();
    }
}
