using System.Diagnostics;

namespace ClientSideLb;

/// <summary>One backend of a cluster: where it is, and what is going on there as this client sees it.</summary>
/// <remarks>
/// An endpoint keeps its identity for as long as its cluster knows its address, across refreshes of discovery, reloads of
/// configuration and rotation of handlers. All members are safe for use from any thread.
/// </remarks>
[DebuggerDisplay("{Address} {Health} in flight {InFlight}")]
public sealed class ClusterEndpoint
{
    /// <summary>Why an endpoint of weight 0 gets no requests.</summary>
    internal const string ZeroWeight = "its weight is 0";

    private readonly InFlightPlace _inFlight;
    private long _latencyTicks = -1;
    private long _timedAgainAt = long.MinValue;
    private long _ejectedAt;
    private volatile int _weight;
    private volatile string? _zone;
    private volatile string? _hostName;
    private volatile bool _available;
    private volatile string? _drainReason;
    private volatile string? _unhealthyReason;
    private volatile EjectionNotice? _ejection;
    private volatile bool _answered;
    private Action<ClusterEndpoint>? _idle;

    /// <summary>Creates an endpoint that belongs to no cluster, to test a strategy with.</summary>
    /// <param name="address">An absolute <c>http</c> or <c>https</c> address without user information, query or fragment.</param>
    /// <param name="weight">Its share of the traffic, from 0 (drained) to 65535.</param>
    /// <param name="zone">The zone it runs in.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an endpoint's address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is out of range.</exception>
    public ClusterEndpoint(Uri address, int weight = 1, string? zone = null)
        : this(new EndpointDescription(Checked(address), CheckedWeight(weight), zone), InFlightPlace.Alone())
    {
    }

    internal ClusterEndpoint(EndpointDescription description, InFlightPlace inFlight)
    {
        _inFlight = inFlight;
        Location = description.Address;
        Describe(description);
        DrainReason = description.Weight == 0 ? ZeroWeight : null;
        _available = !IsDraining;
    }

    /// <summary>Gets where the endpoint is: scheme, host, port and base path.</summary>
    public Uri Address => Location.Uri;

    /// <summary>Gets the endpoint's share of the traffic, from 0 (drained) to 65535.</summary>
    public int Weight => _weight;

    /// <summary>Gets the zone the endpoint runs in, if it was given one.</summary>
    public string? Zone => _zone;

    /// <summary>
    /// Gets how many requests of this client are in flight at the endpoint: picked, and the response's body not yet read to its
    /// end, disposed, failed or cancelled.
    /// </summary>
    public int InFlight => Volatile.Read(ref _inFlight.Count);

    /// <summary>Gets what is known of the endpoint's health.</summary>
    public EndpointHealth Health =>
        _drainReason is not null ? EndpointHealth.Draining :
        _unhealthyReason is not null ? EndpointHealth.Unhealthy :
        _ejection is not null ? EndpointHealth.Ejected :
        _answered ? EndpointHealth.Healthy :
        EndpointHealth.Unknown;

    /// <summary>
    /// Gets why the endpoint is draining, unhealthy or ejected, in words for people, such as "5 requests in a row failed";
    /// <see langword="null"/> where its <see cref="Health"/> is another. The words may change from version to version.
    /// </summary>
    public string? HealthReason => _drainReason ?? _unhealthyReason ?? _ejection?.Reason;

    /// <summary>
    /// Gets when the endpoint's ejection has lasted its time, so that a trial request may bring it back, or <see langword="null"/>
    /// where it is not ejected.
    /// </summary>
    public DateTimeOffset? EjectedUntil => _ejection?.Until;

    /// <summary>
    /// Gets a value indicating whether the endpoint is among those that share the traffic. In panic, endpoints that are not available
    /// get requests all the same, save the drained.
    /// </summary>
    public bool IsAvailable => _available;

    /// <summary>
    /// Gets the smoothed time from sending a request to its response's headers, or <see langword="null"/> before the first answer that was timed.
    /// </summary>
    /// <remarks>
    /// A moving average in which each answer weighs 1/8, as in RFC 6298. Of the requests of one millisecond only the first is timed, and so
    /// of a burst the one that finds the shortest queue. Server errors (5xx) are left out: a backend that fails at once must not look fast.
    /// </remarks>
    public TimeSpan? Latency => Volatile.Read(ref _latencyTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    internal EndpointAddress Location { get; }

    /// <summary>Gets where <see cref="InFlight"/> is counted.</summary>
    internal InFlightPlace Place => _inFlight;

    internal string? HostName => _hostName;

    /// <summary>Gets what the endpoint's traffic says of it.</summary>
    internal FailureTracker Failures { get; } = new();

    /// <summary>Gets the endpoint's ejection. Only the cluster's writer may use it.</summary>
    internal Ejection Ejection { get; } = new();

    /// <summary>Gets what the endpoint's probes say of it. Only the cluster's writer may use it.</summary>
    internal ProbeRecord Probes { get; } = new();

    /// <summary>Gets the endpoint's way back to its full share. Only the cluster's writer may use it.</summary>
    internal Ramp Ramp { get; } = new();

    /// <summary>Sets why new requests are kept away, or <see langword="null"/> where they are not. Called by the cluster's writer only.</summary>
    internal string? DrainReason
    {
        set => _drainReason = value;
    }

    /// <summary>Gets a value indicating whether new requests are kept away.</summary>
    internal bool IsDraining => _drainReason is not null;

    /// <summary>Gets a value indicating whether the endpoint is ejected, for requests to see without the writer's lock.</summary>
    internal bool IsEjected => _ejection is not null;

    /// <summary>Gets when the latest ejection began, for requests to see without the writer's lock.</summary>
    internal long EjectedAt => Volatile.Read(ref _ejectedAt);

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();

    /// <summary>Completes when no request of this client is in flight at the endpoint: after a drain, when it can be stopped without anyone noticing.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when <see cref="InFlight"/> is zero.</returns>
    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken = default)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Complete(ClusterEndpoint endpoint) => idle.TrySetResult();
        OnIdle(Complete);
        try
        {
            await idle.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            RemoveOnIdle(Complete);
        }
    }

    /// <summary>Takes over what the source of endpoints says now. Called by the cluster's writer only.</summary>
    internal void Describe(EndpointDescription description)
    {
        _weight = description.Weight;
        _zone = description.Zone;
        _hostName = description.HostName;
    }

    internal bool IsDescribedBy(EndpointDescription description) =>
        _weight == description.Weight && _zone == description.Zone && _hostName == description.HostName;

    /// <summary>Shows to requests what the writer knows. Called by the cluster's writer only.</summary>
    internal void Show()
    {
        _unhealthyReason = Probes.WhyUnhealthy;
        _ejection = Ejection.Notice;
        Volatile.Write(ref _ejectedAt, Ejection.Began);
    }

    internal void SetAvailable(bool available) => _available = available;

    internal void AddInFlight() => Interlocked.Increment(ref _inFlight.Count);

    internal void RemoveInFlight()
    {
        if (Interlocked.Decrement(ref _inFlight.Count) == 0)
        {
            Volatile.Read(ref _idle)?.Invoke(this);
        }
    }

    /// <summary>Calls back, once however often it is asked to, whenever no request is in flight, and at once if none is now.</summary>
    internal void OnIdle(Action<ClusterEndpoint> idle)
    {
        ChangeOnIdle(callbacks => callbacks - idle + idle);

        // The exchange above is a fence that pairs with the interlocked decrement: either this sees the count at zero, or the last
        // request sees the callback.
        if (InFlight == 0)
        {
            idle(this);
        }
    }

    internal void RemoveOnIdle(Action<ClusterEndpoint> idle) => ChangeOnIdle(callbacks => callbacks - idle);

    /// <summary>Notes that the endpoint works.</summary>
    /// <returns>Whether that was not known before.</returns>
    internal bool ObserveWorking()
    {
        if (_answered)
        {
            return false;
        }

        _answered = true;
        return true;
    }

    /// <summary>
    /// Tells whether the answer to a request that begins now is to be timed, as is that of the first in each period. It is settled at the
    /// beginning, or slow ones would be left out.
    /// </summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="period">The length of the period in timestamp units.</param>
    internal bool TryBeginTiming(long now, long period)
    {
        if (now < Volatile.Read(ref _timedAgainAt))
        {
            return false;
        }

        Volatile.Write(ref _timedAgainAt, now + period);
        return true;
    }

    /// <param name="sample">A latency in ticks of 100 ns.</param>
    internal void ObserveLatency(long sample)
    {
        const int Smoothing = 8;

        // A thread that is held up between the two takes back what others noted meanwhile: an estimate recovers within a few samples, and a
        // request's path does not wait for it.
        var old = Volatile.Read(ref _latencyTicks);
        Volatile.Write(ref _latencyTicks, old < 0 ? sample : old + ((sample - old) / Smoothing));
    }

    private void ChangeOnIdle(Func<Action<ClusterEndpoint>?, Action<ClusterEndpoint>?> change)
    {
        Action<ClusterEndpoint>? callbacks;
        do
        {
            callbacks = Volatile.Read(ref _idle);
        }
        while (Interlocked.CompareExchange(ref _idle, change(callbacks), callbacks) != callbacks);
    }

    private static EndpointAddress Checked(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return EndpointAddress.WhyNot(address) is { } reason
            ? throw new ArgumentException($"The address {reason}", nameof(address))
            : new EndpointAddress(address);
    }

    private static int CheckedWeight(int weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, ushort.MaxValue);
        return weight;
    }
}
