namespace ClientSideLb.Consul.Instances;

/// <summary>The weights of an instance, by the status of its checks.</summary>
internal sealed record WeightsDocument
{
    public int Passing { get; init; } = 1;

    public int Warning { get; init; } = 1;
}
