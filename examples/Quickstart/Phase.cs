namespace Quickstart;

/// <summary>When a request was sent, as seen from the outage. Between the phases, while the backend goes out and comes back, there is none.</summary>
internal enum Phase
{
    /// <summary>All backends are up.</summary>
    Before,

    /// <summary>The balancer has taken the backend out.</summary>
    During,

    /// <summary>The balancer has taken it back.</summary>
    After,
}
