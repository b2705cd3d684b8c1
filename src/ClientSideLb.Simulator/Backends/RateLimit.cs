namespace ClientSideLb.Simulator;

/// <summary>
/// The quota of a backend: a bucket of tokens that fills at a rate. Each request takes one token. If there is none, the backend answers 429 at once.
/// </summary>
public sealed record RateLimit
{
    /// <summary>Gets the number of requests per second that a backend accepts.</summary>
    /// <value>From 0.001 to 1,000,000.</value>
    public required double Rate { get; init; }

    /// <summary>Gets the size of the bucket: the number of requests that a backend accepts at once after a pause.</summary>
    /// <value>From 1 to 1,000,000; the default value is 10.</value>
    public int Burst { get; init; } = 10;

    /// <summary>Gets the time in the <c>Retry-After</c> header of each 429. Zero means that there is no header.</summary>
    /// <value>
    /// Whole seconds, up to a day. The default value is <see langword="null"/>: the time until there is a token again, rounded up to a second.
    /// </value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Gets a value indicating whether each 429 also says the time to the millisecond, in the header <c>retry-after-ms</c>, as AI services do.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool InMilliseconds { get; init; }
}
