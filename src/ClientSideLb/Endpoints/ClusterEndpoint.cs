using System.Collections.Concurrent;
using System.Diagnostics;
using ClientSideLb.Endpoints;

namespace ClientSideLb;

/// <summary>One backend of a cluster: its address, and what this client knows of it.</summary>
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
    private volatile EndpointDescription _description;
    private volatile EndpointState _state;
    private volatile object? _latestStrategyState;
    private ConcurrentDictionary<Type, object>? _strategyStates;
    private Action<ClusterEndpoint>? _idle;

    /// <summary>Creates an endpoint that belongs to no cluster, to test a strategy with.</summary>
    /// <param name="address">An absolute <c>http</c> or <c>https</c> address without user information, query or fragment.</param>
    /// <param name="weight">Its share of the traffic, from 0 (drained) to 65535.</param>
    /// <param name="zone">The zone it runs in.</param>
    /// <param name="inFlight">How many requests are in flight there. The number stays, because no request is sent.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an endpoint's address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is out of range, or <paramref name="inFlight"/> is negative.</exception>
    public ClusterEndpoint(Uri address, int weight = 1, string? zone = null, int inFlight = 0)
        : this(new EndpointDescription(CheckAddress(address), CheckWeight(weight), zone), InFlightPlace.Alone(CheckInFlight(inFlight)))
    {
    }

    internal ClusterEndpoint(EndpointDescription description, InFlightPlace inFlight)
    {
        _inFlight = inFlight;
        _description = description;
        Location = description.Address;
        Record.DrainReason = description.Weight == 0 ? ZeroWeight : null;
        _state = Record.CreateState(isAvailable: !Record.IsDraining);
    }

    /// <summary>Gets the scheme, host, port and base path of the endpoint.</summary>
    public Uri Address => Location.Uri;

    /// <summary>Gets the endpoint's share of the traffic, from 0 (drained) to 65535.</summary>
    public int Weight => _description.Weight;

    /// <summary>
    /// Gets the share of the traffic that the endpoint is to get now: its <see cref="Weight"/>, and less while it is in slow start.
    /// A strategy that draws by weight reads it when it makes a picker; a new picker is made for each step of a slow start.
    /// </summary>
    public double EffectiveWeight => Weight * SlowStartPercent / (double)SlowStartRamp.FullPercent;

    /// <summary>Gets the zone the endpoint runs in, or <see langword="null"/> if it was given none.</summary>
    public string? Zone => _description.Zone;

    /// <summary>
    /// Gets the name by which strategies hash the endpoint, so that all clients agree: <c>host:port</c> and the base path, as on
    /// the hash rings of Envoy and gRPC.
    /// </summary>
    public string HashName => Location.HashName;

    /// <summary>
    /// Gets how many requests of this client are in flight at the endpoint: from the pick until the response's body has been read to its
    /// end, disposed, failed or cancelled.
    /// </summary>
    public int InFlight => Volatile.Read(ref _inFlight.Count);

    /// <summary>
    /// Gets what is known of the endpoint's health. Read it once if you need more than one of its members, which then belong together.
    /// </summary>
    public EndpointState State => _state;

    /// <inheritdoc cref="EndpointState.Health"/>
    public EndpointHealth Health => _state.Health;

    /// <inheritdoc cref="EndpointState.HealthReason"/>
    public string? HealthReason => _state.HealthReason;

    /// <inheritdoc cref="EndpointState.EjectedUntil"/>
    public DateTimeOffset? EjectedUntil => _state.EjectedUntil;

    /// <summary>
    /// Gets a value indicating whether the endpoint is among those that share the traffic. In panic, endpoints that are not available
    /// get requests as well, except the drained ones.
    /// </summary>
    public bool IsAvailable => _state.IsAvailable;

    /// <summary>
    /// Gets the smoothed time that callers waited for the endpoint, from the pick to the response's headers, or <see langword="null"/>
    /// before the first answer.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A moving average in which each attempt weighs 1/8, as in RFC 6298. An attempt that failed, timed out or was cancelled, and a
    /// server error (5xx), count only if they took longer than the average: an endpoint that fails at once must not look fast.
    /// </para>
    /// <para>
    /// A measurement reads the clock a second time, so it is made only if it is wanted: for the first 100 attempts, for each attempt
    /// after this property was first read, and for each attempt while the strategy overrides <see cref="EndpointPicker.OnAttemptEnded"/>
    /// or the metric <c>clientsidelb.attempt.duration</c> is listened to.
    /// </para>
    /// </remarks>
    public TimeSpan? Latency => LatencyEstimate.Read();

    internal EndpointAddress Location { get; }

    /// <summary>Gets the place at which <see cref="InFlight"/> is counted.</summary>
    internal InFlightPlace Place => _inFlight;

    /// <summary>Gets the name that the endpoint has in the Host header, if it is another than that of its address.</summary>
    internal string? HostName => _description.HostName;

    internal int SlowStartPercent => _state.SlowStartPercent;

    internal LatencyEstimate LatencyEstimate { get; } = new();

    /// <summary>Gets the counts of the endpoint's failures. Requests update them without a lock.</summary>
    internal FailureTracker Failures { get; } = new();

    /// <summary>Gets the endpoint's state machines. Only the cluster's writer may use them.</summary>
    internal EndpointRecord Record { get; } = new();

    /// <summary>Gets a value indicating whether new requests are kept away.</summary>
    internal bool IsDraining => _state.IsDraining;

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();

    /// <summary>Waits until no request of this client is in flight at the endpoint: after a drain, it can then be stopped without failing a request.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when <see cref="InFlight"/> is zero.</returns>
    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken = default)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Complete(ClusterEndpoint endpoint) => idle.TrySetResult();
        CallWhenIdle(Complete);
        try
        {
            await idle.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            RemoveIdleCallback(Complete);
        }
    }

    /// <summary>
    /// Gets what a strategy keeps of this endpoint, and makes it if there is nothing yet. It belongs to the endpoint: it lives as long
    /// as the cluster knows the endpoint's address, whatever pickers come and go, and all pickers of the cluster share it.
    /// </summary>
    /// <typeparam name="TState">The type of the state. It is the key, so it should be a type of the strategy's own.</typeparam>
    /// <param name="create">Makes the state. Threads that call at the same time may each make one; one of them is kept.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is <see langword="null"/>, or returned <see langword="null"/>.</exception>
    public TState GetOrAddState<TState>(Func<ClusterEndpoint, TState> create)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(create);

        // A cluster has one strategy at a time, and so nearly always one type of state.
        if (_latestStrategyState is TState latest && latest.GetType() == typeof(TState))
        {
            return latest;
        }

        var states = LazyInitializer.EnsureInitialized(ref _strategyStates);
        if (!states.TryGetValue(typeof(TState), out var state))
        {
            var created = create(this);
            ArgumentNullException.ThrowIfNull(created, nameof(create));
            state = states.GetOrAdd(typeof(TState), created);
        }

        // A state of a derived type is not kept here: the shortcut would return it for that type, which has a state of its own.
        if (state.GetType() == typeof(TState))
        {
            _latestStrategyState = state;
        }

        return (TState)state;
    }

    /// <summary>Takes over the latest description from the source of endpoints. Only the cluster's writer may call it.</summary>
    internal void SetDescription(EndpointDescription description) => _description = description;

    /// <summary>Tells whether the endpoint already has a description of the same content.</summary>
    internal bool IsDescribedBy(EndpointDescription description) =>
        (Weight, Zone, HostName) == (description.Weight, description.Zone, description.HostName);

    /// <summary>Shows a new state to requests. Only the cluster's writer may call it.</summary>
    internal void SetState(EndpointState state) => _state = state;

    internal void AddInFlight() => Interlocked.Increment(ref _inFlight.Count);

    internal void RemoveInFlight()
    {
        if (Interlocked.Decrement(ref _inFlight.Count) == 0)
        {
            Volatile.Read(ref _idle)?.Invoke(this);
        }
    }

    /// <summary>Calls back whenever no request is in flight, and at once if none is now. The same callback is added once only.</summary>
    internal void CallWhenIdle(Action<ClusterEndpoint> idle)
    {
        ChangeIdleCallbacks(callbacks => callbacks - idle + idle);

        // The exchange above is a fence that pairs with the interlocked decrement: either this thread sees the count at zero, or the last
        // request sees the callback.
        if (InFlight == 0)
        {
            idle(this);
        }
    }

    internal void RemoveIdleCallback(Action<ClusterEndpoint> idle) => ChangeIdleCallbacks(callbacks => callbacks - idle);

    private void ChangeIdleCallbacks(Func<Action<ClusterEndpoint>?, Action<ClusterEndpoint>?> change)
    {
        Action<ClusterEndpoint>? callbacks;
        do
        {
            callbacks = Volatile.Read(ref _idle);
        }
        while (Interlocked.CompareExchange(ref _idle, change(callbacks), callbacks) != callbacks);
    }

    private static EndpointAddress CheckAddress(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return EndpointAddress.FindFault(address) is { } fault
            ? throw new ArgumentException($"The address {fault}", nameof(address))
            : new EndpointAddress(address);
    }

    private static int CheckWeight(int weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, ushort.MaxValue);
        return weight;
    }

    private static int CheckInFlight(int inFlight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inFlight);
        return inFlight;
    }
}
