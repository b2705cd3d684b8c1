using System.Diagnostics;
using ClientSideLb.Endpoints;

namespace ClientSideLb;

/// <summary>One backend of a cluster: its address, and its load, latency and health as this client sees them.</summary>
/// <remarks>
/// An endpoint keeps its identity for as long as its cluster knows its address, across refreshes of discovery, reloads of
/// configuration and rotation of handlers. All members are thread-safe.
/// </remarks>
[DebuggerDisplay("{ToString(),nq} {Health} in flight {InFlight}")]
public sealed class ClusterEndpoint
{
    private const int NoLimit = int.MaxValue;

    private readonly InFlightPlace _inFlight;
    private readonly RoomWatch? _room;
    private volatile EndpointDescription _description;
    private volatile EndpointState _state;
    private volatile object? _latestStrategyState;
    private StrategyState? _strategyStates;
    private IdleCallbacks _idle;
    private volatile int _limit = NoLimit;

    /// <summary>Creates an endpoint that belongs to no cluster. Use it to test a strategy.</summary>
    /// <param name="address">An absolute <c>http</c> or <c>https</c> address without user information, query or fragment.</param>
    /// <param name="weight">Its share of the traffic, from 0 (drained) to 65535.</param>
    /// <param name="zone">The zone it runs in, or <see langword="null"/> for none.</param>
    /// <param name="inFlight">The number of requests that are in flight there. The number stays, because no request is sent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="address"/> is not an absolute <c>http</c> or <c>https</c> address, or has user information, a query or a fragment.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is out of range, or <paramref name="inFlight"/> is negative.</exception>
    public ClusterEndpoint(Uri address, int weight = 1, string? zone = null, int inFlight = 0)
        : this(new EndpointDescription(CheckAddress(address), CheckWeight(weight), zone), InFlightPlace.CreateStandalone(CheckInFlight(inFlight)))
    {
    }

    internal ClusterEndpoint(EndpointDescription description, InFlightPlace inFlight, RequestWaits? waits = null, PenaltyCount? penalties = null, RoomWatch? room = null)
    {
        _room = room;
        LoadPenalty = new LoadPenalty(penalties ?? PenaltyCount.Standalone);
        Waits = waits ?? new RequestWaits(TimeProvider.System, static () => { });
        _inFlight = inFlight;
        _description = description;
        Location = description.Address;
        Record.DrainReason = description.DrainReason;
        Record.IsReportedUnhealthy = description.Report == HealthReport.Unhealthy;
        _state = Record.CreateState(isAvailable: Record.Health == EndpointHealth.Unknown);
    }

    /// <summary>Gets the scheme, host, port and base path of the endpoint.</summary>
    public Uri Address => Location.Uri;

    /// <summary>Gets the endpoint's share of the traffic, from 0 (drained) to 65535.</summary>
    public int Weight => _description.Weight;

    /// <summary>
    /// Gets the share of the traffic that the endpoint should get now: its <see cref="Weight"/>, or less while it is in slow start.
    /// A strategy that draws by weight reads it when it makes a picker. The cluster asks for a new picker at each step of a slow start.
    /// </summary>
    public double EffectiveWeight => Weight * SlowStartPercent / (double)SlowStartRamp.FullPercent;

    /// <summary>Gets the zone the endpoint runs in, or <see langword="null"/> if none was given.</summary>
    public string? Zone => _description.Zone;

    /// <summary>Gets the priority of the endpoint. Endpoints of priority 0 are used first.</summary>
    public int Priority => _description.Priority;

    /// <summary>
    /// Gets the name by which strategies hash the endpoint: <c>host:port</c>, as on the hash rings of Envoy and gRPC, followed by the
    /// base path. All clients use the same name, so they agree on the endpoint of a key. The name of an IPv6 address with a zone contains the
    /// zone, as in <c>[fe80::1%eth0]:8080</c>.
    /// </summary>
    public string HashName => Location.HashName;

    /// <summary>
    /// Gets how many requests of this client are in flight at the endpoint: from the pick until the response's body has been read to its
    /// end, disposed, failed or cancelled.
    /// </summary>
    public int InFlight => Volatile.Read(ref _inFlight.Count);

    /// <summary>
    /// Gets how many requests of this client may be in flight at the endpoint at this moment, or <see langword="null"/> if there is no limit
    /// (<see cref="ConcurrencyOptions.MaxInFlightPerEndpoint"/>).
    /// </summary>
    public int? Limit => _limit is var limit and not NoLimit ? limit : null;

    /// <summary>
    /// Gets the endpoint's health at this moment, as this client sees it. If you need several members of the state, read this property
    /// once: the members of one state belong together.
    /// </summary>
    public EndpointState State => _state;

    /// <inheritdoc cref="EndpointState.Health"/>
    public EndpointHealth Health => _state.Health;

    /// <inheritdoc cref="EndpointState.HealthReason"/>
    public string? HealthReason => _state.HealthReason;

    /// <inheritdoc cref="EndpointState.EjectedUntil"/>
    public DateTimeOffset? EjectedUntil => _state.EjectedUntil;

    /// <summary>
    /// Gets a value indicating whether the endpoint is among those that share the traffic. In panic, all endpoints except the drained
    /// ones get requests, available or not.
    /// </summary>
    public bool IsAvailable => _state.IsAvailable;

    /// <summary>
    /// Gets the smoothed time that callers waited for the endpoint, from the pick to the response's headers, or <see langword="null"/>
    /// before the first answer or timeout.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A moving average in which each attempt weighs 1/8, as in RFC 6298. An attempt that failed, timed out or was cancelled, and a
    /// server error (5xx), count only if they took longer than the average: an endpoint that fails at once must not look fast.
    /// </para>
    /// <para>
    /// Each attempt that waited for the network is measured. If the handlers below have an answer at once, as a stub or a cache has, only these attempts
    /// are measured: the first 100, each one after this property was first read, and each one while the strategy overrides
    /// <see cref="EndpointPicker.OnAttemptEnded"/> or while something listens to the metric <c>clientsidelb.attempt.duration</c>.
    /// </para>
    /// </remarks>
    public TimeSpan? Latency => LatencyEstimate.Read();

    /// <summary>
    /// Gets the factor by which the endpoint looks busier than it is, because attempts failed there lately: 1 without a penalty, and up to about 2,400.
    /// </summary>
    /// <remarks>
    /// <see cref="LoadBalancingStrategies.PowerOfTwoChoices"/> and <see cref="LoadBalancingStrategies.LeastConnections"/> multiply the requests in
    /// flight, the next one included, by this factor. Otherwise an endpoint that fails at once would look idle, and attract the requests. Every server
    /// error (5xx), 429, transport error and timeout raises it. A success lowers it, and it decays by itself within about ten seconds.
    /// </remarks>
    public double Penalty => LoadPenalty.GetFactor(Timestamps.ToTimeSpan(Waits.Time.GetTimestamp(), Waits.Time));

    internal EndpointAddress Location { get; }

    /// <summary>Gets the latest description from the source of endpoints.</summary>
    internal EndpointDescription Description => _description;

    /// <summary>Gets the penalty for failed attempts. Requests update it without a lock.</summary>
    internal LoadPenalty LoadPenalty { get; }

    /// <summary>Gets what finds the endpoint's limit by its latency, or <see langword="null"/> if nothing does.</summary>
    internal AdaptiveLimit? AdaptiveLimit { get; private set; }

    /// <summary>Gets a value indicating whether one more request may be in flight at the endpoint.</summary>
    internal bool HasRoom => InFlight < _limit;

    /// <summary>Gets the place of the <see cref="InFlight"/> count.</summary>
    internal InFlightPlace Place => _inFlight;

    /// <summary>Gets the endpoint's name in the Host header, or <see langword="null"/> if it is the host of its address.</summary>
    internal string? HostName => _description.HostName;

    /// <summary>Gets the reason why the source wants the endpoint to get no new requests, or <see langword="null"/> if it wants it to get them.</summary>
    internal string? DescribedDrainReason => _description.DrainReason;

    internal int SlowStartPercent => _state.SlowStartPercent;

    internal LatencyEstimate LatencyEstimate { get; } = new();

    /// <summary>Gets the counts of the endpoint's failures. Requests update them without a lock.</summary>
    internal FailureTracker Failures { get; } = new();

    /// <summary>Gets the count of the requests that wait for the endpoint's headers.</summary>
    internal RequestWaits Waits { get; }

    /// <summary>Gets how long requests usually wait for the endpoint's headers.</summary>
    internal AnswerTimes AnswerTimes { get; } = new();

    /// <summary>Gets the endpoint's state machines. Only the cluster's writer may use them.</summary>
    internal EndpointRecord Record { get; } = new();

    /// <summary>Gets a value indicating whether the endpoint gets no new request at all, not even in panic.</summary>
    internal bool IsBarred => _state.IsBarred;

    /// <summary>
    /// Gets the endpoint's address as log lines, messages, metrics, traces and the live page show it: <c>http</c> or <c>https</c>, host, port and base path,
    /// without a slash at its end, as in <c>http://10.0.0.1:8080</c>.
    /// </summary>
    /// <returns>The address.</returns>
    public override string ToString() => Location.Key;

    /// <summary>
    /// Waits until no request of this client is in flight at the endpoint. After a drain, you can then stop the backend without failing
    /// a request.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when <see cref="InFlight"/> is zero.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
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
    /// Gets the state that a strategy keeps for this endpoint, and creates it if there is none. The state lives as long as the cluster
    /// knows the endpoint's address. A new picker finds the state of the one before it, and all pickers of the cluster share it.
    /// </summary>
    /// <typeparam name="TState">The type of the state. It is also the key, so use a type that belongs to the strategy.</typeparam>
    /// <param name="create">Creates the state. If several threads call it at the same time, one of the results is kept.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is <see langword="null"/>, or returned <see langword="null"/>.</exception>
    public TState GetOrAddState<TState>(Func<ClusterEndpoint, TState> create)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(create);

        // A cluster uses one strategy at a time, so there is nearly always one type of state.
        if (_latestStrategyState is TState latest && latest.GetType() == typeof(TState))
        {
            return latest;
        }

        var state = StrategyState.GetOrAdd(ref _strategyStates, this, create);

        // A state of a derived type is not kept here: the shortcut would return it for that type, which has a state of its own.
        if (state.GetType() == typeof(TState))
        {
            _latestStrategyState = state;
        }

        return state;
    }

    /// <summary>Replaces the description by the latest one from the source of endpoints. Only the cluster's writer may call it.</summary>
    internal void SetDescription(EndpointDescription description)
    {
        _description = description;
        Record.IsReportedUnhealthy = description.Report == HealthReport.Unhealthy;
    }

    /// <summary>Tells whether the endpoint already has everything that a description says besides its address.</summary>
    internal bool IsDescribedBy(EndpointDescription description) =>
        (Weight, Zone, HostName, Priority, _description.Report)
        == (description.Weight, description.Zone, description.HostName, description.Priority, description.Report);

    /// <summary>Publishes a new state, which requests read. Only the cluster's writer may call it.</summary>
    internal void SetState(EndpointState state) => _state = state;

    /// <summary>Sets how many requests may be in flight. Only the cluster's writer may call it.</summary>
    /// <param name="limit">The limit, or <see langword="null"/> for any number.</param>
    /// <param name="adaptation">Finds a lower limit by the endpoint's latency. It may be <see langword="null"/>.</param>
    internal void SetLimit(int? limit, Func<Action<int>, AdaptiveLimit>? adaptation)
    {
        if (adaptation is not null)
        {
            AdaptiveLimit ??= adaptation(ApplyLimit);
            AdaptiveLimit.SetCeiling(limit ?? NoLimit);
            return;
        }

        AdaptiveLimit?.End();
        AdaptiveLimit = null;
        _limit = limit ?? NoLimit;
    }

    /// <summary>Lets the limit follow the endpoint's latency, if it is adaptive.</summary>
    internal void AdaptLimit(TimeSpan latency, TimeSpan endedAt, bool isDropped)
    {
        var before = _limit;
        AdaptiveLimit?.Observe(latency, endedAt, InFlight, isDropped);
        if (_limit > before)
        {
            _room?.Notify();
        }
    }

    private void ApplyLimit(int limit) => _limit = limit;

    /// <summary>Counts one more request in flight, whatever the limit.</summary>
    internal void AddInFlight() => Interlocked.Increment(ref _inFlight.Count);

    /// <summary>Counts one more request in flight, unless the limit is reached.</summary>
    internal bool TryAddInFlight()
    {
        var limit = _limit;
        if (limit != NoLimit)
        {
            return _inFlight.TryIncrementBelow(limit);
        }

        AddInFlight();
        return true;
    }

    internal void RemoveInFlight()
    {
        if (Interlocked.Decrement(ref _inFlight.Count) == 0)
        {
            _idle.Invoke(this);
        }

        if (_limit != NoLimit)
        {
            _room?.Notify();
        }
    }

    /// <summary>Adds a callback that runs whenever the last request in flight ends, and at once if none is in flight. The same callback is added only once.</summary>
    internal void CallWhenIdle(Action<ClusterEndpoint> idle)
    {
        _idle.Add(idle);

        // The exchange above is a fence that pairs with the interlocked decrement: either this thread sees the count at zero, or the last
        // request sees the callback.
        if (InFlight == 0)
        {
            idle(this);
        }
    }

    internal void RemoveIdleCallback(Action<ClusterEndpoint> idle) => _idle.Remove(idle);

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
