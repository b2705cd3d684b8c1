namespace ClientSideLb.PublicApi.Tests.Docs;

public sealed class PinnedStrategy(string host) : ILoadBalancingStrategy
{
    public string Name => "Pinned";

    public EndpointPicker CreatePicker(EndpointSet endpoints) =>
        new Picker(endpoints.Available.FirstOrDefault(endpoint => endpoint.Address.Host == host));

    private sealed class Picker(ClusterEndpoint? pinned) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) => pinned;
    }
}
