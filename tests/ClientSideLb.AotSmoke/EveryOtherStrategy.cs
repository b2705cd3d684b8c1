namespace ClientSideLb.AotSmoke;

/// <summary>A strategy of an application's own, made by the container with what it depends on.</summary>
internal sealed class EveryOtherStrategy(EveryOtherStrategy.Settings settings) : ILoadBalancingStrategy
{
    public string Name => "EveryOther";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints.Available, settings.First);

    internal sealed record Settings(int First);

    private sealed class Picker(IReadOnlyList<ClusterEndpoint> endpoints, int first) : EndpointPicker
    {
        private int _turn = first - 2;

        public override ClusterEndpoint? Pick(in PickContext context) =>
            endpoints[(int)((uint)Interlocked.Add(ref _turn, 2) % (uint)endpoints.Count)];
    }
}
