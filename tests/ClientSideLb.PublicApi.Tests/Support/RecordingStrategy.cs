using System.Collections.Concurrent;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>Picks the first available endpoint that is not excluded, and keeps the time of each pick and the result of each attempt.</summary>
internal sealed class RecordingStrategy : ILoadBalancingStrategy
{
    public string Name => "Recording";

    internal ConcurrentQueue<TimeSpan> Picks { get; } = new();

    internal ConcurrentQueue<AttemptResult> Results { get; } = new();

    /// <summary>Gets what to do with a result besides keeping it.</summary>
    internal Action<AttemptResult>? OnResult { get; init; }

    /// <summary>Gets the verdicts of the results with the hosts of their endpoints.</summary>
    internal IEnumerable<(string Host, AttemptVerdict Verdict)> Verdicts =>
        Results.Select(static result => (result.Endpoint.Address.Host, result.Verdict));

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(this, endpoints.Available);

    private sealed class Picker(RecordingStrategy strategy, IReadOnlyList<ClusterEndpoint> available) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context)
        {
            strategy.Picks.Enqueue(context.Now);
            return context.FindPermitted(available, 0);
        }

        public override void OnAttemptEnded(in AttemptResult result)
        {
            strategy.Results.Enqueue(result);
            strategy.OnResult?.Invoke(result);
        }
    }
}
