using ClientSideLb.Simulator.Tests.Theory;

namespace ClientSideLb.Simulator.Tests.Engine;

public sealed class MemoryTests(ITestOutputHelper output)
{
    /// <summary>What the runtime itself may take in the meantime; a byte for each request would be twice that.</summary>
    private const long Tolerance = 1024 * 1024;

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_requests()
    {
        var scenario = Queues.Of(LoadBalancingStrategies.RoundRobin, load: 0.8, backends: 100, TimeSpan.FromSeconds(300));
        var watch = new Watch();

        var result = Simulation.Run(scenario, progress: watch, cancellationToken: TestContext.Current.CancellationToken);

        output.WriteLine($"{result.Requests} requests; {watch.Early / 1024} KiB after a fifth of them, {watch.Late / 1024} KiB at the end");
        Assert.InRange(result.Requests, 1_900_000, long.MaxValue);
        Assert.InRange(watch.Late - watch.Early, long.MinValue, Tolerance);
    }

    private sealed class Watch : IProgress<SimulationProgress>
    {
        internal long Early { get; private set; }

        internal long Late { get; private set; }

        public void Report(SimulationProgress value)
        {
            if (Early == 0 && value.Done > 0.2)
            {
                Early = GC.GetTotalMemory(forceFullCollection: true);
            }
            else if (Late == 0 && value.Done > 0.95)
            {
                Late = GC.GetTotalMemory(forceFullCollection: true);
            }
        }
    }
}
