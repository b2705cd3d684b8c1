using System.Runtime.CompilerServices;

namespace ClientSideLb.Tests;

public sealed class BodyWatchTests
{
    [Fact]
    public async Task Of_many_bodies_those_that_were_dropped_give_their_leases_back_and_no_other_does()
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
    public async Task A_body_is_noticed_also_after_a_time_without_any()
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
    public async Task A_watch_that_was_used_for_a_body_that_ended_notices_the_next_one()
    {
        for (var i = 0; i < 20; i++)
        {
            new TrackedResponse(new TestBody(100)).Response.Dispose();
            await AssertReleasedAsync(Abandon());
        }
    }

    [Fact]
    public async Task A_body_that_has_ended_and_is_kept_does_not_keep_another_from_being_noticed()
    {
        var ended = new TrackedResponse(new TestBody(100));
        ended.Response.Dispose();

        await AssertReleasedAsync(Abandon());

        GC.KeepAlive(ended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_collection_of_young_objects_is_enough_also_after_a_body_before_the_last_one(bool livedThroughIt) =>
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
    public void Bodies_one_after_the_other_share_a_watch()
    {
        const int Bodies = 100;
        var watches = new HashSet<BodyWatch>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < Bodies; i++)
        {
            var watch = BodyWatch.Begin(Lease());
            watches.Add(watch);
            watch.End();
        }

        // Not quite one, for a collection may come in between.
        Assert.InRange(watches.Count, 1, Bodies / 2);
    }

    [Fact]
    public void Bodies_that_overlap_leave_their_watches_to_as_many_others() =>
        AssertUndisturbed(collections: 0, static () =>
        {
            BodyWatch[] first = [BodyWatch.Begin(Lease()), BodyWatch.Begin(Lease()), BodyWatch.Begin(Lease())];
            Array.ForEach(first, static watch => watch.End());

            return new HashSet<BodyWatch>(first, ReferenceEqualityComparer.Instance).SetEquals(
                [BodyWatch.Begin(Lease()), BodyWatch.Begin(Lease()), BodyWatch.Begin(Lease())]);
        });

    [Fact]
    public void A_body_that_has_lived_through_a_collection_leaves_the_younger_watches_where_they_are() =>
        AssertUndisturbed(collections: 1, static () =>
        {
            var old = BodyWatch.Begin(Lease());
            Collect();
            var young = BodyWatch.Begin(Lease());
            young.End();
            old.End();
            return ReferenceEquals(young, BodyWatch.Begin(Lease()));
        });

    [Fact]
    public void A_thread_on_which_bodies_only_end_keeps_few_of_their_watches() =>
        AssertUndisturbed(collections: 0, static () =>
        {
            var watches = new BodyWatch[BodyWatch.MostSpare * 2];
            var kept = 0;
            OnAThreadOfItsOwn(() =>
            {
                for (var i = 0; i < watches.Length; i++)
                {
                    watches[i] = BodyWatch.Begin(Lease());
                }
            });
            OnAThreadOfItsOwn(() =>
            {
                Array.ForEach(watches, static watch => watch.End());
                kept = watches.Select(static _ => BodyWatch.Begin(Lease())).Intersect(watches, ReferenceEqualityComparer.Instance).Count();
            });

            return kept == BodyWatch.MostSpare;
        });

    [Fact]
    public void A_thread_on_which_bodies_only_end_does_not_gather_their_watches()
    {
        const int Bodies = 50;
        var watches = Enumerable.Range(0, Bodies).Select(static _ => EndHere()).ToArray();

        GC.Collect();

        Assert.InRange(watches.Count(static watch => watch.TryGetTarget(out var _)), 0, 2);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference<BodyWatch> EndHere()
        {
            BodyWatch? watch = null;
            OnAThreadOfItsOwn(() => watch = BodyWatch.Begin(Lease()));
            watch!.End();
            Collect();
            return new WeakReference<BodyWatch>(watch);
        }
    }

    private static void OnAThreadOfItsOwn(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    // Other tests run meanwhile, and make the collector run when they like.
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

    private static Task AssertReleasedAsync(params Func<bool>[] isInFlight) => Eventually.True(
        () =>
        {
            Collect();
            return !Array.Exists(isInFlight, static isIt => isIt());
        },
        "the collector has noticed");

    private static void Collect()
    {
        GC.Collect(generation: 0);
        GC.WaitForPendingFinalizers();
    }

    private static EndpointLease Lease() => new(new ClusterEndpoint(new Uri("http://10.0.0.1:8080")), started: 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<bool> Abandon()
    {
        var tracked = new TrackedResponse(new HttpResponseMessage { Content = new StreamContent(new TestBody(100)) }, HttpMethod.Get);
        Assert.True(tracked.IsInFlight);
        return tracked.Watch();
    }
}
