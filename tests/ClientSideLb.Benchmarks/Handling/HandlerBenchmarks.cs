using BenchmarkDotNet.Attributes;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>What a request costs on top of its way through nothing.</summary>
[MemoryDiagnoser]
public class HandlerBenchmarks
{
    private const int Addresses = 16;

    private Pipelines? _pipelines;
    private HttpMessageInvoker? _invoker;
    private Uri[] _repeated = [];
    private int _next;

    [ParamsAllValues]
    public Pipeline Pipeline { get; set; }

    [Params(false, true)]
    public bool EverNew { get; set; }

    [Params(false, true)]
    public bool WithBody { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _pipelines = new Pipelines(Pipeline, WithBody);
        _invoker = _pipelines.Invoker;
        _repeated = [.. Enumerable.Range(0, Addresses).Select(static i => new Uri($"http://api/orders/{i}?page=1"))];
    }

    [GlobalCleanup]
    public void CleanUp() => _pipelines!.Dispose();

    [Benchmark]
    public async Task<int> Send()
    {
        var number = _next++;
        var address = EverNew ? new Uri($"http://api/orders/{number}?page=1") : _repeated[number % Addresses];
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await _invoker!.SendAsync(request, CancellationToken.None);
        if (WithBody)
        {
            await response.Content.CopyToAsync(Stream.Null);
        }

        return (int)response.StatusCode;
    }
}
