namespace ClientSideLb.Consul.Instances;

/// <summary>Where an instance or a node runs.</summary>
internal sealed record LocalityDocument
{
    public string? Zone { get; init; }
}
