namespace ClientSideLb.PublicApi.Tests;

/// <summary>Picks the endpoint at which the fewest attempts have ended. It counts them in a state of each endpoint.</summary>
internal sealed class LeastUsedStrategy : ILoadBalancingStrategy
{
    public string Name => "LeastUsed";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints.Available);

    private static Count CountOf(ClusterEndpoint endpoint) => endpoint.GetOrAddState(static _ => new Count());

    private sealed class Count
    {
        private int _value;

        internal int Value => Volatile.Read(ref _value);

        internal void Increment() => Interlocked.Increment(ref _value);
    }

    private sealed class Picker(IReadOnlyList<ClusterEndpoint> available) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) => available.MinBy(static endpoint => CountOf(endpoint).Value);

        public override void OnAttemptEnded(in AttemptResult result) => CountOf(result.Endpoint).Increment();
    }
}
