namespace ClientSideLb.Consul.Instances;

/// <summary>A health check.</summary>
internal sealed record CheckDocument
{
    public string? CheckID { get; init; }

    public string? Status { get; init; }
}
