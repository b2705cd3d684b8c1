using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>
/// A run uses one thread and allocates there everything that it keeps. So the bytes that the thread allocates are an upper bound of what
/// grows, and other tests do not disturb the measurement.
/// </summary>
/// <remarks>
/// A run always allocates the same, but the runtime does not always count the same: a garbage collection takes away the thread's allocation
/// buffer, and counts a part of the rest of it, at most 240 KB. A million requests make that less than a byte for each.
/// </remarks>
public sealed class MemoryTests(ITestOutputHelper output)
{
    /// <summary>In bytes for each request. It leaves room for three buffers, and for the higher peaks of a longer run.</summary>
    private const double Tolerance = 0.75;

    public static TheoryData<string> Strategies => [.. BuiltInStrategies.Names];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_further_request_allocates_only_the_lease_of_the_library(string strategy)
    {
        // The first run also allocates what is needed once for the process.
        Measure(strategy, seconds: 5);

        var few = Measure(strategy, seconds: 5);
        var many = Measure(strategy, seconds: 210);

        var requests = many.Requests - few.Requests;
        var bytes = (double)(many.Bytes - few.Bytes) / requests;
        output.WriteLine($"{requests} further requests, {bytes:0.000} bytes each; a lease has {MeasureLease()}");
        Assert.InRange(requests, 1_000_000, long.MaxValue);
        Assert.InRange(bytes - MeasureLease(), -Tolerance, Tolerance);
    }

    private static (long Requests, long Bytes) Measure(string strategy, int seconds)
    {
        var scenario = Queues.Create(strategy, load: 0.5, backends: 100, TimeSpan.FromSeconds(seconds)) with { WarmUp = TimeSpan.Zero };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = Simulation.Run(scenario);
        return (result.Requests, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long MeasureLease()
    {
        var endpoint = new ClusterEndpoint(new Uri("http://backend"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        EndpointLease.TryTake(endpoint, started: 0)!.Release();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
