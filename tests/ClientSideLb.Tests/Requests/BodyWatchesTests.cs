using System.Runtime.CompilerServices;

namespace ClientSideLb.Tests;

public sealed class BodyWatchesTests
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
    public void Watches_of_a_rush_hour_do_not_stay_for_good()
    {
        const int Rush = 3_000;
        var bodies = Enumerable.Range(0, Rush).Select(static _ => new TrackedResponse(new TestBody(1))).ToArray();
        Assert.True(BodyWatches.Count >= Rush);

        Array.ForEach(bodies, static body => body.Response.Dispose());

        // They are let go of while there is a body to watch, which here there is after each collection but the last.
        for (var i = 0; i < 8; i++)
        {
            using var watched = new TrackedResponse(new TestBody(1)).Response;
            CollectAll();
        }

        Assert.True(BodyWatches.Count < Rush / 2, $"There are still {BodyWatches.Count} watches.");
    }

    [Fact]
    public void Threads_that_come_and_go_leave_no_watches_behind()
    {
        const int Threads = 400;
        UseOnThreads(Threads);
        CollectAll();
        var before = BodyWatches.Count;

        // Each time those of the threads before are there to be used again; other tests may run meanwhile.
        for (var i = 0; i < 4; i++)
        {
            UseOnThreads(Threads);
            CollectAll();
        }

        Assert.True(BodyWatches.Count < before + Threads, $"There were {before} watches, and then {BodyWatches.Count}.");
    }

    private static void UseOnThreads(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var thread = new Thread(static () => new TrackedResponse(new TestBody(100)).Response.Dispose());
            thread.Start();
            thread.Join();
        }
    }

    private static Task AssertReleasedAsync(params Func<bool>[] isInFlight) => Wait.Until(
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

    // What other tests let grow old meanwhile, too.
    private static void CollectAll()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<bool> Abandon()
    {
        var tracked = new TrackedResponse(new HttpResponseMessage { Content = new StreamContent(new TestBody(100)) }, HttpMethod.Get);
        Assert.True(tracked.IsInFlight);
        return tracked.Watch();
    }
}
