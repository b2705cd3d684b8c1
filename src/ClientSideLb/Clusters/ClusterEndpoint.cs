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
    private int _inFlight;
    private long _latencyTicks = -1;
    private volatile int _weight;
    private volatile string? _zone;
    private volatile string? _hostName;
    private volatile bool _draining;
    private volatile bool _answered;
    private volatile Action<ClusterEndpoint>? _idle;

    /// <summary>Creates an endpoint that belongs to no cluster, to test a strategy with.</summary>
    /// <param name="address">An absolute <c>http</c> or <c>https</c> address without user information, query or fragment.</param>
    /// <param name="weight">Its share of the traffic, from 0 (drained) to 65535.</param>
    /// <param name="zone">The zone it runs in.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an endpoint's address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is out of range.</exception>
    public ClusterEndpoint(Uri address, int weight = 1, string? zone = null)
        : this(new EndpointDescription(Checked(address), CheckedWeight(weight), zone))
    {
    }

    internal ClusterEndpoint(EndpointDescription description)
    {
        Location = description.Address;
        Describe(description);
        IsDraining = description.Weight == 0;
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
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets what is known of the endpoint's health.</summary>
    public EndpointHealth Health =>
        _draining ? EndpointHealth.Draining :
        _answered ? EndpointHealth.Healthy :
        EndpointHealth.Unknown;

    /// <summary>Gets a value indicating whether the endpoint may be given new requests.</summary>
    public bool IsAvailable => !_draining;

    /// <summary>
    /// Gets the smoothed time from sending a request to its response's headers, or <see langword="null"/> before the first answer.
    /// </summary>
    /// <remarks>
    /// A moving average in which each answer weighs 1/8, as in RFC 6298. Server errors (5xx) are left out: a backend that fails
    /// at once must not look fast.
    /// </remarks>
    public TimeSpan? Latency => Interlocked.Read(ref _latencyTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    internal EndpointAddress Location { get; }

    internal string? HostName => _hostName;

    /// <summary>Gets or sets whether new requests are kept away. Set by the cluster's writer only.</summary>
    internal bool IsDraining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();

    /// <summary>Takes over what the source of endpoints says now. Called by the cluster's writer only.</summary>
    internal void Describe(EndpointDescription description)
    {
        _weight = description.Weight;
        _zone = description.Zone;
        _hostName = description.HostName;
    }

    internal bool IsDescribedBy(EndpointDescription description) =>
        _weight == description.Weight && _zone == description.Zone && _hostName == description.HostName;

    internal void AddInFlight() => Interlocked.Increment(ref _inFlight);

    internal void RemoveInFlight()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _idle?.Invoke(this);
        }
    }

    /// <summary>
    /// Calls <paramref name="idle"/> whenever no request is in flight, and at once if none is now; <see langword="null"/> ends that.
    /// </summary>
    internal void WhenIdle(Action<ClusterEndpoint>? idle)
    {
        _idle = idle;

        // The fence pairs with the interlocked decrement: either this sees the count at zero, or the last request sees the callback.
        Interlocked.MemoryBarrier();
        if (InFlight == 0)
        {
            idle?.Invoke(this);
        }
    }

    internal void ObserveAnswer() => _answered = true;

    internal void ObserveLatency(TimeSpan sample)
    {
        const int Smoothing = 8;

        var old = Interlocked.Read(ref _latencyTicks);
        var smoothed = old < 0 ? sample.Ticks : old + ((sample.Ticks - old) / Smoothing);

        // A sample that loses the race is dropped: an estimate can do without it, a request's path cannot wait for it.
        Interlocked.CompareExchange(ref _latencyTicks, smoothed, old);
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
