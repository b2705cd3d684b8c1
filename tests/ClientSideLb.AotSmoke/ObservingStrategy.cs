namespace ClientSideLb.AotSmoke;

/// <summary>A strategy that counts the results of attempts.</summary>
internal sealed class ObservingStrategy(ObservingStrategy.Results results) : ILoadBalancingStrategy
{
    public string Name => "Observing";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints, results);

    internal sealed class Results
    {
        internal int Count { get; set; }

        internal int Timed { get; set; }
    }

    private sealed class Picker(EndpointSet endpoints, Results results) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) => endpoints.Available[context.Next(endpoints.Available.Count)];

        public override void OnAttemptEnded(in AttemptResult result)
        {
            results.Count++;
            results.Timed += result.Verdict == AttemptVerdict.Success && result.Duration > TimeSpan.Zero ? 1 : 0;
        }
    }
}
