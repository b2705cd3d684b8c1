using ClientSideLb.Simulator.Tests.Theory;

namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>
/// A run happens on one thread, and what it keeps it has allocated there. So the bytes that this thread allocates are an upper bound of
/// what grows, whatever other tests and the runtime do in the meantime.
/// </summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    /// <summary>In bytes for each request, so that one byte kept of each is too much. A longer run sees higher peaks, and its pools are a little larger.</summary>
    private const double Tolerance = 0.75;

    [Theory]
    [InlineData(LoadBalancingStrategies.RoundRobin)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    public void A_further_request_takes_no_memory_but_the_lease_that_production_gives_it(string strategy)
    {
        // What is allocated once, on first use, belongs to no request.
        Allocate(strategy, seconds: 5);

        var few = Allocate(strategy, seconds: 5);
        var many = Allocate(strategy, seconds: 210);

        var bytes = (double)(many.Bytes - few.Bytes) / (many.Requests - few.Requests);
        output.WriteLine($"{many.Requests - few.Requests} further requests, {bytes:0.000} bytes each, of which a lease takes {BytesOfLease()}");
        Assert.InRange(many.Requests - few.Requests, 1_000_000, long.MaxValue);
        Assert.InRange(bytes - BytesOfLease(), -Tolerance, Tolerance);
    }

    private static (long Requests, long Bytes) Allocate(string strategy, int seconds)
    {
        var scenario = Queues.Of(strategy, load: 0.5, backends: 100, TimeSpan.FromSeconds(seconds)) with { WarmUp = TimeSpan.Zero };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = Simulation.Run(scenario, cancellationToken: TestContext.Current.CancellationToken);

        return (result.Requests, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long BytesOfLease()
    {
        var endpoint = new ClusterEndpoint(new Uri("http://backend"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        new EndpointLease(endpoint, started: 0).Release();

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
