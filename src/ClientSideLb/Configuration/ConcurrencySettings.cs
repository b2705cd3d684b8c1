namespace ClientSideLb.Configuration;

/// <summary>How many requests may be in flight at an endpoint, and how they wait for room.</summary>
/// <param name="MaxInFlight">The limit of the endpoints of the greatest weight, or <see langword="null"/> for none.</param>
/// <param name="Adaptive">Whether each endpoint has a limit that follows its latency.</param>
/// <param name="QueueLimit">The largest number of requests that wait.</param>
/// <param name="QueueTimeout">The longest wait of a request.</param>
/// <param name="WaitForOwner">Whether a request with a key waits for the key's owner even if another endpoint has room.</param>
internal sealed record ConcurrencySettings(int? MaxInFlight, bool Adaptive, int QueueLimit, TimeSpan QueueTimeout, bool WaitForOwner)
{
    /// <summary>Gets a value indicating whether endpoints have limits.</summary>
    internal bool HasLimits => MaxInFlight is not null || Adaptive;

    /// <summary>Gets a value indicating whether a request that finds no room waits for it.</summary>
    internal bool MayWait => QueueLimit > 0;
}
