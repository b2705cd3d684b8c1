namespace ClientSideLb.Simulator;

/// <summary>A group of backends with the same properties.</summary>
public sealed record BackendGroup
{
    /// <summary>Gets the number of backends in the group.</summary>
    /// <value>At least 1; the default value is 1.</value>
    public int Count { get; init; } = 1;

    /// <summary>Gets the weight under which each backend is listed. A client sends it traffic in proportion to the weight.</summary>
    /// <value>From 0 (no traffic) to 65535; the default value is 1.</value>
    public int Weight { get; init; } = 1;

    /// <summary>Gets the zone that the backends run in.</summary>
    /// <value>The default value is <see langword="null"/>: they are in no zone.</value>
    public string? Zone { get; init; }

    /// <summary>Gets the priority under which each backend is listed. Those with the lowest number are used first.</summary>
    /// <value>From 0 to 127; the default value is 0.</value>
    public int Priority { get; init; }

    /// <summary>Gets the number of requests that a backend serves at the same time.</summary>
    /// <value>From 1 to 16384; the default value is 8.</value>
    public int Concurrency { get; init; } = 8;

    /// <summary>Gets the number of requests that can wait while all servers are busy. One more is answered with 503 at once.</summary>
    /// <value>At least 0; the default value is 1000.</value>
    public int Queue { get; init; } = 1000;

    /// <summary>Gets the speed of a backend. Serving a request takes the service time divided by the speed.</summary>
    /// <value>Above 0; the default value is 1.</value>
    public double Speed { get; init; } = 1;

    /// <summary>Gets the time that serving a request takes, without the time that it waits in the queue.</summary>
    /// <value>The default value is an exponential distribution with a mean of 10 ms.</value>
    public ServiceTime Service { get; init; } = new ExponentialTime();

    /// <summary>Gets the quota of each backend. It answers requests over its quota with 429 at once. Health endpoints have no quota.</summary>
    /// <value>The default value is <see langword="null"/>: there is none.</value>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Gets the time that a backend needs to start when it recovers or joins. It refuses connections during that time.</summary>
    /// <value>At least 0; the default value is 0.</value>
    public TimeSpan Start { get; init; }

    /// <summary>Gets the time that a backend needs after its start to reach its full speed. The speed grows evenly from <see cref="ColdSpeed"/> on.</summary>
    /// <value>At least 0; the default value is 0.</value>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Gets the fraction of its speed that a backend has right after its start. Without <see cref="WarmUp"/> it has no effect.</summary>
    /// <value>Above 0, up to 1; the default value is 0.2.</value>
    public double ColdSpeed { get; init; } = 0.2;
}
