namespace ClientSideLb.Consul.Instances;

/// <summary>An instance in Consul's answer: a service on a node, with its checks and those of the node.</summary>
internal sealed record EntryDocument
{
    public NodeDocument? Node { get; init; }

    public ServiceDocument? Service { get; init; }

    public IReadOnlyList<CheckDocument?>? Checks { get; init; }
}
