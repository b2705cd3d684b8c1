namespace ClientSideLb.PublicApi.Tests;

/// <summary>Picks the first available endpoint that is not excluded, and shows the latency estimates of a test.</summary>
internal sealed class EstimatingStrategy(Func<ClusterEndpoint, TimeSpan?> estimate) : ILoadBalancingStrategy
{
    public string Name => "Estimating";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(estimate, endpoints.Available);

    private sealed class Picker(Func<ClusterEndpoint, TimeSpan?> estimate, IReadOnlyList<ClusterEndpoint> available) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) => context.FindPermitted(available, 0);

        public override TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint, TimeSpan now) => estimate(endpoint);
    }
}
