namespace ClientSideLb.Tests;

public sealed class EndpointLeaseTests
{
    [Fact]
    public void Only_one_of_two_threads_releases_a_lease()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        var leases = Enumerable.Range(0, 3_000).Select(_ => EndpointLease.TryTake(endpoint, started: 0)!).ToArray();
        var kept = EndpointLease.TryTake(endpoint, started: 0)!;
        Assert.Equal(leases.Length + 1, endpoint.InFlight);
        var arrived = 0;

        Concurrently.Run(2, _ =>
        {
            for (var i = 0; i < leases.Length; i++)
            {
                // The threads wait for each other, so that both release the same lease at the same moment.
                Interlocked.Increment(ref arrived);
                var spin = default(SpinWait);
                while (Volatile.Read(ref arrived) < 2 * (i + 1))
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                leases[i].Release();
            }
        });

        Assert.Equal(1, endpoint.InFlight);
        kept.Release();
        Assert.Equal(0, endpoint.InFlight);
    }

    [Fact]
    public void However_many_threads_take_places_no_more_of_them_have_one_than_the_limit_says()
    {
        const int Limit = 1;

        var endpoint = new ClusterEndpoint(new Uri("http://10.0.0.1"));
        endpoint.SetLimit(Limit, adaptation: null);
        var (now, most) = (0, 0);
        Concurrently.Run(4, _ =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                if (EndpointLease.TryTake(endpoint, started: 0) is not { } lease)
                {
                    continue;
                }

                var others = Interlocked.Increment(ref now);
                if (others > Limit)
                {
                    Interlocked.Exchange(ref most, others);
                }

                Thread.SpinWait(5);
                Interlocked.Decrement(ref now);
                lease.Release();
            }
        });

        Assert.Equal((0, 0), (most, endpoint.InFlight));
    }
}
