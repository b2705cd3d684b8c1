using ClientSideLb.Configuration;

namespace ClientSideLb;

/// <summary>Options of failover: a request that failed at one endpoint moves to another one, if that is safe.</summary>
/// <remarks>
/// If nothing was sent (connection refused, no route, no such name, TLS), any request moves. Otherwise a request moves only after a transport
/// error or a status 502, 503 or 504, and only if its method is idempotent and its content can be sent again.
/// <see cref="MoveRejected"/> adds the status 429.
/// </remarks>
public sealed class FailoverOptions
{
    /// <summary>Gets or sets a value indicating whether failed requests move to other endpoints.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how many endpoints a request is sent to, at most, including the first.</summary>
    /// <value>From 1 to 10. The default value is 3.</value>
    /// <remarks>
    /// If the last of several attempts throws, the caller gets an exception of the same kind, with the same inner exception. Its message says how many endpoints
    /// were tried and what each of the first ten said, such as <c>2 endpoints tried: http://10.0.0.1:80: 503 (ServiceUnavailable); …</c>. It holds no part of
    /// the request. If the last attempt got a response, the caller gets that response.
    /// </remarks>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Gets or sets how long an attempt may wait for the response's headers. The limit applies even if failover is off.</summary>
    /// <value>From 1 millisecond to a day. The default value is <see langword="null"/>: an attempt has no time limit of its own.</value>
    /// <remarks>
    /// If the request does not move, the caller gets an <see cref="HttpRequestException"/> with an inner <see cref="TimeoutException"/>. Resilience handlers
    /// take it for a transient fault, and a gRPC call fails with <c>Unavailable</c>. The time limit of <see cref="HttpClient.Timeout"/> arrives as a <see cref="TaskCanceledException"/> instead.
    /// </remarks>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>
    /// Gets or sets the time after which a request without an answer is sent to a second endpoint as well. The first answer wins.
    /// Only requests that may be sent twice are hedged.
    /// </summary>
    /// <value>
    /// From 0 to a day. The default value is <see langword="null"/>: requests are not hedged. A good value is the 95th percentile of the
    /// service's latency.
    /// </value>
    public TimeSpan? HedgingDelay { get; set; }

    /// <summary>
    /// Gets or sets the greatest ratio of extra attempts to requests, over 10 seconds. A move after an attempt that sent nothing does not use
    /// the budget.
    /// </summary>
    /// <value>At least 0. The default value is 0.2.</value>
    public double RetryBudget { get; set; } = 0.2;

    /// <summary>Gets or sets the number of extra attempts per second that are always allowed, regardless of <see cref="RetryBudget"/>.</summary>
    /// <value>At least 0. The default value is 10.</value>
    public int MinimumRetriesPerSecond { get; set; } = 10;

    /// <summary>
    /// Gets or sets a value indicating whether a status 429 (Too Many Requests) says that the endpoint has no room, and not that the caller has sent too
    /// much. Then requests of any method move to another endpoint if their content can be sent again, within the retry budget. The endpoint
    /// gets no requests for as long as <c>Retry-After</c>, <c>retry-after-ms</c> or <c>x-ms-retry-after-ms</c> says, at most for
    /// <see cref="OutlierDetectionOptions.MaxEjectionTime"/>. While no endpoint has room, requests are not sent: the caller gets a 429 with the shortest
    /// <c>Retry-After</c> of them.
    /// </summary>
    /// <value>The default value is <see langword="false"/>: a 429 is about the caller (RFC 6585), reaches it, and sets no endpoint aside.</value>
    public bool MoveRejected { get; set; }

    /// <summary>Creates settings from these options.</summary>
    internal FailoverSettings ToSettings() => new(Enabled, MaxAttempts, AttemptTimeout, HedgingDelay, RetryBudget, MinimumRetriesPerSecond, Enabled && MoveRejected);
}
