namespace ClientSideLb.Benchmarks.Handling;

/// <summary>What a request goes through on its way to the primary handler.</summary>
public enum Pipeline
{
    /// <summary>Nothing: what all others are measured above.</summary>
    Bare,

    /// <summary>This library at its defaults, with service discovery.</summary>
    Balanced,

    /// <summary>This library with outlier detection and failover off.</summary>
    BalancedOptionsOff,

    /// <summary>A handler that takes endpoints in turn and counts requests in flight, and does nothing else.</summary>
    Minimal,

    /// <summary><c>AddServiceDiscovery()</c> of Microsoft.Extensions.ServiceDiscovery.</summary>
    ServiceDiscovery,

    /// <summary><c>AddStandardResilienceHandler()</c> of Microsoft.Extensions.Http.Resilience.</summary>
    StandardResilience,

    /// <summary>This library at its defaults, with a limit for each endpoint, which always has room, and a queue.</summary>
    BalancedWithLimits,
}
