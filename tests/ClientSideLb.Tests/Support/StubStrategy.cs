namespace ClientSideLb.Tests;

/// <summary>A strategy with picks that a test chooses. By default it picks the first available endpoint.</summary>
internal sealed class StubStrategy(string name, Func<EndpointSet, ClusterEndpoint?>? pick = null) : ILoadBalancingStrategy
{
    public string Name => name;

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints, pick);

    private sealed class Picker(EndpointSet endpoints, Func<EndpointSet, ClusterEndpoint?>? pick) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) => pick is null ? endpoints.Available[0] : pick(endpoints);
    }
}
