using BenchmarkDotNet.Attributes;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>What a pick takes, beside the same policy of YARP where it has one.</summary>
[MemoryDiagnoser]
public class PickBenchmarks
{
    private readonly Random _random = new(1);
    private EndpointPicker? _picker;
    private YarpPolicy? _yarp;
    private PickContext _context;

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
    [Params(3, 10, 100, 1000, 10_000)]
    public int Endpoints { get; set; }

    /// <summary>Makes pickers of the same number of endpoints, each with some requests in flight.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _picker = Pickers.Create(Strategy, Endpoints, _random);
        _yarp = YarpPolicy.TryCreate(Strategy, Endpoints);
        _context = new PickContext(_random, PickContenders.Key, PickContenders.ClientIp);
    }

    /// <summary>Picks.</summary>
    [Benchmark]
    public ClusterEndpoint? Pick() => _picker!.Pick(in _context);

    /// <summary>Lets YARP pick; where it has no such policy this does nothing.</summary>
    [Benchmark]
    public object? Yarp() => _yarp?.Pick();
}
