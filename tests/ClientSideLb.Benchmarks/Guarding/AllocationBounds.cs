using ClientSideLb.Benchmarks.Handling;
using ClientSideLb.Benchmarks.Picking;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>What picks and requests may allocate: exact, and the same on any machine.</summary>
internal static class AllocationBounds
{
    // What the handler keeps of a request while it is under way, and gives back of it afterwards. AddServiceDiscovery() takes 683 bytes.
    private const double RequestBytes = 336;

    // And the content that follows the body to its end. 16 of the bytes tell whether the endpoint still sends, so that a body that stalls is found.
    private const double RequestWithBodyBytes = 496;

    // And the headers that describe it, two of them.
    private const double RequestWithHeadersBytes = 640;

    private const string PickRemedy = "A pick must not allocate: look for a closure, a boxed value, an enumerator or a string in the picker.";

    private const string ResultRemedy = "Learning from a result must not allocate: look for a closure, a boxed value or an enumerator in OnAttemptEnded.";

    private const string RequestRemedy =
        "Look for what the path of a request newly allocates (docs/architecture.md names its files). If it is worth it, raise the bound and say why beside it.";

    /// <summary>Gets the bounds.</summary>
    internal static IEnumerable<Bound> All =>
    [
        .. Strategies.Names.Select(PickBound),
        .. Strategies.Names.Select(PickInLevelsBound),
        new Bound("Bytes a result, PeakEwma", Limit: 0, static () => BytesOf(PickContenders.Results(LoadBalancingStrategies.PeakEwma)), ResultRemedy),
        .. new[] { Pipeline.Balanced, Pipeline.BalancedWithLimits }.SelectMany(RequestBounds),
    ];

    private static Bound PickBound(string strategy)
    {
        const int Endpoints = 100;

        return new Bound($"Bytes a pick, {strategy}", Limit: 0, () => BytesOf(PickContenders.Own(strategy, Endpoints)), PickRemedy);
    }

    private static Bound PickInLevelsBound(string strategy)
    {
        const int Endpoints = 100;
        const int Levels = 3;

        return new Bound($"Bytes a pick in {Levels} levels, {strategy}", Limit: 0, () => BytesOf(PickContenders.InLevels(strategy, Endpoints, Levels)), PickRemedy);
    }

    // A limit that is not reached costs nothing.
    private static IEnumerable<Bound> RequestBounds(Pipeline pipeline)
    {
        var with = pipeline == Pipeline.Balanced ? "" : ", under limits";
        yield return new Bound($"Bytes a request above bare, without a body{with}", RequestBytes, () => BytesAboveBare(pipeline, ResponseBody.None), RequestRemedy);
        yield return new Bound($"Bytes a request above bare, with a body{with}", RequestWithBodyBytes, () => BytesAboveBare(pipeline, ResponseBody.Plain), RequestRemedy);
        yield return new Bound(
            $"Bytes a request above bare, with a body and its headers{with}", RequestWithHeadersBytes, () => BytesAboveBare(pipeline, ResponseBody.WithHeaders), RequestRemedy);
    }

    private static double BytesAboveBare(Pipeline pipeline, ResponseBody body) => BytesOf(pipeline, body) - BytesOf(Pipeline.Bare, body);

    private static double BytesOf(Pipeline pipeline, ResponseBody body)
    {
        using var pipelines = new Pipelines(pipeline, body);
        return BytesOf(new Contender(pipeline.ToString(), new OneAddress(pipelines.Invoker, body).Send));
    }

    // The least of some turns: what the others have above that is the runtime's, or comes of a start.
    private static double BytesOf(Contender contender)
    {
        const int Turns = 20;
        const int Iterations = 1000;

        var least = long.MaxValue;
        for (var turn = 0; turn < Turns; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            contender.Run(Iterations);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / (double)Iterations;
    }
}
