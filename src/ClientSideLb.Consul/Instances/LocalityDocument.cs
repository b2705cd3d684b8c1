namespace ClientSideLb.Consul.Instances;

/// <summary>The place where an instance or a node runs.</summary>
internal sealed record LocalityDocument
{
    public string? Zone { get; init; }
}
