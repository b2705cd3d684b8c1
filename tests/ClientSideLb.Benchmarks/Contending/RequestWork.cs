using ClientSideLb.Benchmarks.Handling;
using ClientSideLb.Benchmarks.Picking;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Whole requests through a client's handlers, with a stub for the network. The body of each response is read to its end.</summary>
internal sealed class RequestWork : IDisposable
{
    private const ResponseBody Body = ResponseBody.Plain;

    private readonly List<IDisposable> _made = [];

    public void Dispose() => _made.ForEach(static made => made.Dispose());

    /// <summary>Makes the work of sending requests to the stub, with no balancer in between.</summary>
    internal Work Bare() => Create("no balancer", () => Keep(new Pipelines(Pipeline.Bare, Body)).Invoker);

    internal Work Own(string strategy, int endpoints) => Create(strategy, () => Keep(new Pipelines(Pipeline.Balanced, Body, strategy, endpoints)).Invoker);

    /// <summary>Makes the work of a minimal handler that lets a policy of YARP choose, or gives <see langword="null"/> where there is none.</summary>
    internal Work? TryYarp(string strategy, int endpoints) => !YarpPolicy.IsThere(strategy) ? null : Create(strategy, () =>
    {
        var policy = YarpPolicy.TryCreate(strategy, endpoints, isIdle: true)!;
        return Keep(new HttpMessageInvoker(new YarpHandler(policy) { InnerHandler = new StubHandler(Body) }));
    });

    private static Work Create(string name, Func<HttpMessageInvoker> createInvoker) => new(name, () =>
    {
        var invoker = createInvoker();
        return _ =>
        {
            var load = new RequestLoad(invoker, everNew: false, Body);
            return count =>
            {
                for (var i = 0; i < count; i++)
                {
                    // The stub answers at once, and so does everything above it.
                    load.SendAsync().GetAwaiter().GetResult();
                }
            };
        };
    });

    private T Keep<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}
