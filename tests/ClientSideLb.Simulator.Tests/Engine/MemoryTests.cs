using ClientSideLb.Simulator.Tests.Theory;

namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>
/// A run happens on one thread, and what it keeps it has allocated there. So the bytes that this thread allocates are an upper bound of
/// what grows, whatever other tests and the runtime do in the meantime.
/// </summary>
/// <remarks>
/// What a run allocates is the same each time, but what the runtime counts is not. A collection takes the thread's allocation buffer away,
/// and of what was left in it a part is counted: some 100 bytes as a rule, and now and then most of a buffer, 240 KB. Collections are those
/// of the whole process: with another thread that allocates all the time there are hundreds in a run, without one there is hardly any, and
/// forty runs were within 500 bytes of each other. Over 200,000 requests the one buffer is more than a byte for each, and says nothing of
/// requests; so there are a million here.
/// </remarks>
public sealed class MemoryTests(ITestOutputHelper output)
{
    /// <summary>In bytes for each request, so that one byte kept of each is too much. Three buffers that are counted and were not used stay below it, and pools that are a little larger, since a longer run sees higher peaks.</summary>
    private const double Tolerance = 0.75;

    public static TheoryData<string> Strategies => [.. ProductionStrategies.Names];

    [Theory]
    [MemberData(nameof(Strategies))]
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
