using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>Requests through each of the pipelines, to be measured side by side.</summary>
internal sealed class HandlerContenders : IDisposable
{
    private readonly List<Pipelines> _pipelines = [];

    internal IReadOnlyList<Contender> Create(bool everNew, bool withBody, params Pipeline[] pipelines) =>
        [.. pipelines.Select(pipeline => new Contender(pipeline.ToString(), Requests(pipeline, everNew, withBody)))];

    public void Dispose() => _pipelines.ForEach(static pipeline => pipeline.Dispose());

    private Action<int> Requests(Pipeline pipeline, bool everNew, bool withBody)
    {
        var built = new Pipelines(pipeline, withBody);
        _pipelines.Add(built);
        var load = new RequestLoad(built.Invoker, everNew, withBody);
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
