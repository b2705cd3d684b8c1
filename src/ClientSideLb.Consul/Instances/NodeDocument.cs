namespace ClientSideLb.Consul.Instances;

/// <summary>The node of an instance.</summary>
internal sealed record NodeDocument
{
    public string? Node { get; init; }

    public string? Address { get; init; }

    public IReadOnlyDictionary<string, string?>? Meta { get; init; }

    public LocalityDocument? Locality { get; init; }
}
