using ClientSideLb.Configuration;

namespace ClientSideLb;

/// <summary>Failover: a request that failed at one endpoint moves to another, where that is safe.</summary>
/// <remarks>
/// Where nothing was sent (connection refused, no route, no such name, TLS), any request moves. Otherwise only requests with an idempotent
/// method and content that can be sent again do, after a transport error or the statuses 502, 503 and 504.
/// </remarks>
public sealed class FailoverOptions
{
    /// <summary>Gets or sets a value indicating whether requests move.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how many endpoints a request is sent to at most, the first included.</summary>
    /// <value>From 1 to 10; the default value is 3.</value>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Gets or sets how long an attempt may wait for the response's headers. It holds with failover off as well.</summary>
    /// <value>The default value is <see langword="null"/>: as long as the request may.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>
    /// Gets or sets the time after which a request that has no answer yet is sent to a second endpoint as well; the first answer wins.
    /// Only requests that may be sent twice are hedged.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: no hedging. A good value is the 95th percentile of the service's latency.</value>
    public TimeSpan? HedgingDelay { get; set; }

    /// <summary>Gets or sets how many extra attempts there may be for each request, over 10 seconds. Moves where nothing was sent are outside the budget.</summary>
    /// <value>At least 0; the default value is 0.2.</value>
    public double RetryBudget { get; set; } = 0.2;

    /// <summary>Gets or sets how many extra attempts a second are allowed whatever <see cref="RetryBudget"/> says.</summary>
    /// <value>At least 0; the default value is 10.</value>
    public int MinimumRetriesPerSecond { get; set; } = 10;

    /// <summary>Makes the settings of these options.</summary>
    internal FailoverSettings ToSettings() => new(Enabled, MaxAttempts, AttemptTimeout, HedgingDelay, RetryBudget, MinimumRetriesPerSecond);
}
