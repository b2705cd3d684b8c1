namespace Showdown;

/// <summary>The phases of a run. Requests that are sent while the backend goes out or comes back belong to no phase.</summary>
internal enum Phase
{
    /// <summary>All backends are up.</summary>
    Before,

    /// <summary>The balancer has taken the backend out.</summary>
    During,

    /// <summary>The balancer has taken the backend back.</summary>
    After,
}
