using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>Requests through each of the pipelines, to be measured side by side.</summary>
internal sealed class HandlerContenders : IDisposable
{
    private readonly List<Pipelines> _pipelines = [];

    internal IReadOnlyList<Contender> Create(bool everNew, ResponseBody body, params Pipeline[] pipelines) =>
        [.. pipelines.Select(pipeline => new Contender(pipeline.ToString(), Requests(pipeline, everNew, body)))];

    public void Dispose() => _pipelines.ForEach(static pipeline => pipeline.Dispose());

    private Action<int> Requests(Pipeline pipeline, bool everNew, ResponseBody body)
    {
        var built = new Pipelines(pipeline, body);
        _pipelines.Add(built);
        var load = new RequestLoad(built.Invoker, everNew, body);
        return count =>
        {
            for (var i = 0; i < count; i++)
            {
                // The stub answers at once, and so does everything above it.
                load.SendAsync().GetAwaiter().GetResult();
            }
        };
    }
}
