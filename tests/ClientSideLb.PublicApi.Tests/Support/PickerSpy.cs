using System.Collections.Concurrent;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>Keeps the pickers that another strategy makes for a cluster.</summary>
internal sealed class PickerSpy(ILoadBalancingStrategy strategy) : ILoadBalancingStrategy
{
    public string Name => strategy.Name;

    internal ConcurrentQueue<EndpointPicker> Pickers { get; } = new();

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        var picker = strategy.CreatePicker(endpoints);
        Pickers.Enqueue(picker);
        return picker;
    }
}
