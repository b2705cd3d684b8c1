using System.Runtime.CompilerServices;

namespace ClientSideLb.Tests;

public sealed class AbandonmentWatchTests
{
    private readonly ClusterEndpoint _endpoint = Backends.At("http://10.0.0.1/");

    [Fact]
    public void A_lease_whose_watch_was_dropped_is_given_back()
    {
        Drop();

        Collect();

        Assert.Equal(0, _endpoint.InFlight);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Drop() => AbandonmentWatch.Over(new EndpointLease(_endpoint, started: 0));
    }

    [Fact]
    public void A_watch_that_has_ended_gives_nothing_back()
    {
        EndAndDrop();

        Collect();

        Assert.Equal(200, _endpoint.InFlight);

        // More than are kept to be used again, so that some are dropped.
        [MethodImpl(MethodImplOptions.NoInlining)]
        void EndAndDrop()
        {
            var watches = Enumerable.Range(0, 200).Select(_ => AbandonmentWatch.Over(new EndpointLease(_endpoint, started: 0))).ToArray();
            Array.ForEach(watches, static watch => watch.End());
        }
    }

    [Fact]
    public void A_watch_that_is_used_again_watches_over_one_lease_at_a_time()
    {
        const int Threads = 4;
        const int Turns = 20_000;

        // Each thread drops every third watch; the others it ends, on a thread that differs from the one it began on.
        var endpoints = Enumerable.Range(0, Threads).Select(static i => Backends.At($"http://10.0.1.{i}/")).ToArray();
        var handedOver = new System.Collections.Concurrent.ConcurrentQueue<AbandonmentWatch>();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread => Work(endpoints[thread], handedOver));
        while (handedOver.TryDequeue(out var watch))
        {
            watch.End();
        }

        Collect();

        // Dropped ones have been given back, ended ones not: that is their holder's to do.
        Assert.All(endpoints, static endpoint => Assert.Equal(Turns - ((Turns + 2) / 3), endpoint.InFlight));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Work(ClusterEndpoint endpoint, System.Collections.Concurrent.ConcurrentQueue<AbandonmentWatch> handedOver)
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                var watch = AbandonmentWatch.Over(new EndpointLease(endpoint, started: 0));
                if (turn % 3 == 0)
                {
                    continue;
                }

                handedOver.Enqueue(watch);
                if (handedOver.TryDequeue(out var other))
                {
                    other.End();
                }
            }
        }
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
