namespace ClientSideLb.Consul.Instances;

/// <summary>The service of an instance.</summary>
internal sealed record ServiceDocument
{
    public string? ID { get; init; }

    public string? Address { get; init; }

    public int Port { get; init; }

    public IReadOnlyDictionary<string, string?>? Meta { get; init; }

    public WeightsDocument? Weights { get; init; }

    public LocalityDocument? Locality { get; init; }
}
