using BenchmarkDotNet.Attributes;
using ClientSideLb.Simulator;

namespace ClientSideLb.Benchmarks.Simulation;

/// <summary>How long a simulated request takes on one core, from its arrival to its answer.</summary>
[MemoryDiagnoser]
public class SimulatorBenchmarks
{
    private const int Requests = 1_000_000;
    private const int Backends = 100;
    private const double Load = 0.8;

    // Each backend serves a hundred requests a second.
    private const double Rate = Load * Backends * 100;

    /// <summary>Gets or sets the strategy.</summary>
    [Params(
        LoadBalancingStrategies.RoundRobin,
        LoadBalancingStrategies.Random,
        LoadBalancingStrategies.PowerOfTwoChoices,
        LoadBalancingStrategies.LeastConnections,
        LoadBalancingStrategies.ConsistentHash)]
    public string Strategy { get; set; } = "";

    /// <summary>Simulates a million requests; a Poisson process makes it a thousand more or less.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public RunResult Run() => Simulator.Simulation.Run(new Scenario
    {
        Duration = TimeSpan.FromSeconds(Requests / Rate),
        WarmUp = TimeSpan.Zero,
        Clients =
        [
            new ClientGroup
            {
                Arrivals = new PoissonArrivals { Rate = Rate },
                Balancer = new LoadBalancingOptions { Strategy = Strategy },
            },
        ],
        Backends = [new BackendGroup { Count = Backends, Concurrency = 1, Queue = int.MaxValue }],
    });
}
