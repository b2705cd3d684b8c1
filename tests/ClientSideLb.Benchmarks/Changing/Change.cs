namespace ClientSideLb.Benchmarks.Changing;

/// <summary>What makes a cluster rebuild its snapshot.</summary>
public enum Change
{
    /// <summary>A probe finds an endpoint unhealthy, and the next one healthy again.</summary>
    HealthFlip,

    /// <summary>A request's outcome ejects an endpoint, and another's brings it back: the one rebuild on a request's path.</summary>
    Ejection,

    /// <summary>Discovery lists one endpoint in another's stead.</summary>
    Membership,
}
