using BenchmarkDotNet.Attributes;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>What a request costs on top of its way through nothing.</summary>
[MemoryDiagnoser]
public class HandlerBenchmarks
{
    private Pipelines? _pipelines;
    private RequestLoad? _load;

    /// <summary>Gets or sets what the requests go through.</summary>
    [ParamsAllValues]
    public Pipeline Pipeline { get; set; }

    /// <summary>Gets or sets a value indicating whether each request has an address of its own.</summary>
    [Params(false, true)]
    public bool EverNew { get; set; }

    /// <summary>Gets or sets what responses have for a body, which is read to its end.</summary>
    [ParamsAllValues]
    public ResponseBody Body { get; set; }

    /// <summary>Builds the pipeline.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _pipelines = new Pipelines(Pipeline, Body);
        _load = new RequestLoad(_pipelines.Invoker, EverNew, Body);
    }

    /// <summary>Disposes of the pipeline.</summary>
    [GlobalCleanup]
    public void CleanUp() => _pipelines!.Dispose();

    /// <summary>Sends a request and reads the response.</summary>
    [Benchmark]
    public Task<int> Send() => _load!.SendAsync();
}
