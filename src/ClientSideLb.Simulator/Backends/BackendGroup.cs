namespace ClientSideLb.Simulator;

/// <summary>Backends that are all alike.</summary>
public sealed record BackendGroup
{
    /// <summary>Gets how many backends there are in the group.</summary>
    /// <value>At least 1; the default value is 1.</value>
    public int Count { get; init; } = 1;

    /// <summary>Gets the share of the traffic that clients are told to send here.</summary>
    /// <value>From 0 (none) to 65535; the default value is 1.</value>
    public int Weight { get; init; } = 1;

    /// <summary>Gets how many requests a backend serves at the same time.</summary>
    /// <value>At least 1; the default value is 8.</value>
    public int Concurrency { get; init; } = 8;

    /// <summary>Gets how many further requests wait. One more is answered with 503 at once.</summary>
    /// <value>At least 0; the default value is 1000.</value>
    public int Queue { get; init; } = 1000;

    /// <summary>Gets how fast the backend is: it serves a request in its service time divided by this.</summary>
    /// <value>Above 0; the default value is 1.</value>
    public double Speed { get; init; } = 1;

    /// <summary>Gets how long it takes to serve a request, apart from waiting.</summary>
    /// <value>The default value is exponentially distributed with a mean of 10 ms.</value>
    public ServiceTime Service { get; init; } = new ExponentialTime();

    /// <summary>Gets the time that a backend which recovers or joins needs to start. It refuses connections meanwhile.</summary>
    /// <value>At least 0; the default value is 0.</value>
    public TimeSpan Start { get; init; }

    /// <summary>Gets the time after its start in which a backend gets as fast as it can be, from <see cref="ColdSpeed"/> on evenly.</summary>
    /// <value>At least 0; the default value is 0.</value>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Gets the part of its speed that a backend has when it has just started.</summary>
    /// <value>Above 0, up to 1; the default value is 0.2. Without <see cref="WarmUp"/> it means nothing.</value>
    public double ColdSpeed { get; init; } = 0.2;
}
