namespace ClientSideLb.Simulator.Balancing;

/// <summary>The hash of the key modulo the number of backends. It is the simplest mapping of keys, to compare the others with.</summary>
internal sealed class ModuloStrategy : ILoadBalancingStrategy
{
    public string Name => "modulo";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints.AvailableArray);

    private sealed class Picker(ClusterEndpoint[] endpoints) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) =>
            endpoints[(int)(KeyHash.Of(context.HashKey!) % (ulong)endpoints.Length)];
    }
}
