using BenchmarkDotNet.Attributes;

namespace ClientSideLb.Benchmarks.Changing;

/// <summary>What it takes to rebuild a cluster's snapshot when something has changed.</summary>
[MemoryDiagnoser]
public class ChangeBenchmarks
{
    private ChangingCluster? _cluster;

    /// <summary>Gets or sets the strategy.</summary>
    [Params(
        LoadBalancingStrategies.RoundRobin,
        LoadBalancingStrategies.WeightedRoundRobin,
        LoadBalancingStrategies.Random,
        LoadBalancingStrategies.PowerOfTwoChoices,
        LoadBalancingStrategies.PeakEwma,
        LoadBalancingStrategies.LeastConnections,
        LoadBalancingStrategies.IpHash,
        LoadBalancingStrategies.ConsistentHash,
        LoadBalancingStrategies.Maglev)]
    public string Strategy { get; set; } = "";

    /// <summary>Gets or sets how many endpoints there are.</summary>
    [Params(10, 1000, 10_000)]
    public int Endpoints { get; set; }

    /// <summary>Gets or sets what changes.</summary>
    [ParamsAllValues]
    public Change Change { get; set; }

    /// <summary>Makes the cluster.</summary>
    [GlobalSetup]
    public void SetUp() => _cluster = new ChangingCluster(Strategy, Endpoints, Change);

    /// <summary>Disposes of the cluster.</summary>
    [GlobalCleanup]
    public void CleanUp() => _cluster!.Dispose();

    /// <summary>Changes something, and changes it back.</summary>
    [Benchmark(OperationsPerInvoke = ChangingCluster.Changes)]
    public void Rebuild() => _cluster!.ThereAndBack();
}
