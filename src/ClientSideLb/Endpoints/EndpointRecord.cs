namespace ClientSideLb.Endpoints;

/// <summary>
/// The state machines of one endpoint, and what follows from them. Only the cluster's writer uses them. Requests read the <see cref="EndpointState"/>
/// that the writer creates from them.
/// </summary>
/// <remarks>
/// A change of a large cluster reads the records of all endpoints several times. So the values that it reads lie here side by side, and are computed only
/// when a state machine changes. Most endpoints never need most of the state machines, so each is created when it is first used.
/// </remarks>
internal sealed class EndpointRecord
{
    /// <summary>The reason that is shown for an endpoint that its source says is unhealthy.</summary>
    internal const string ReportedUnhealthy = "service discovery says so";

    private static readonly EndpointState Unknown = new(EndpointHealth.Unknown, healthReason: null, ejectedUntil: null, isAvailable: true);
    private static readonly EndpointState WaitingUnknown = new(EndpointHealth.Unknown, healthReason: null, ejectedUntil: null, isAvailable: false);
    private static readonly EndpointState Healthy = new(EndpointHealth.Healthy, healthReason: null, ejectedUntil: null, isAvailable: true) { HasAnswered = true };

    private Ejection? _ejection;
    private Rejection? _rejection;
    private ProbeRecord? _probes;
    private SlowStartRamp? _ramp;
    private SilenceWatch? _silence;
    private bool _isShown;
    private bool _isShownAvailable;

    internal Ejection Ejection => _ejection ??= new Ejection(this);

    internal Rejection Rejection => _rejection ??= new Rejection(this);

    internal ProbeRecord Probes => _probes ??= new ProbeRecord(this);

    internal SlowStartRamp Ramp => _ramp ??= new SlowStartRamp(this);

    /// <summary>Gets the watch for hanging requests. The record caches nothing of it.</summary>
    internal SilenceWatch Silence => _silence ??= new SilenceWatch();

    /// <summary>Gets or sets the reason why the endpoint gets no new requests, or <see langword="null"/> if it gets them.</summary>
    internal string? DrainReason
    {
        get;
        set
        {
            field = value;
            Refresh();
        }
    }

    /// <summary>
    /// Gets or sets a value indicating whether the source of the endpoint says that it is unhealthy. Neither answers nor probes change that.
    /// </summary>
    internal bool IsReportedUnhealthy
    {
        get;
        set
        {
            field = value;
            Refresh();
        }
    }

    /// <summary>Gets or sets a value indicating whether the endpoint has answered a request or passed a probe.</summary>
    internal bool HasAnswered
    {
        get;
        set
        {
            field = value;
            Refresh();
        }
    }

    /// <summary>Gets or sets a value indicating whether the client uses the endpoint. It is not used if the client has a subset without it.</summary>
    internal bool IsUsed { get; set; } = true;

    /// <summary>
    /// Gets or sets a value indicating whether the endpoint fails like all others, and is not ejected only because it is the last available one.
    /// </summary>
    internal bool IsSuspect
    {
        get;
        set
        {
            field = value;
            Refresh();
        }
    }

    internal bool IsUnhealthy => IsReportedUnhealthy || _probes is { IsUnhealthy: true };

    internal bool IsDraining => DrainReason is not null;

    /// <summary>Gets a value indicating whether the endpoint is ejected, even if its health says something stronger.</summary>
    internal bool IsEjected { get; private set; }

    /// <summary>Gets a value indicating whether the endpoint has rejected a request and not come back yet, even if its health says something stronger.</summary>
    internal bool IsRejecting { get; private set; }

    /// <summary>Gets a value indicating whether a probe has passed.</summary>
    internal bool HasPassedProbes { get; private set; }

    /// <summary>Gets a value indicating whether the endpoint is in slow start, or will be when it is available.</summary>
    internal bool MayRamp { get; private set; }

    /// <summary>Gets a value indicating whether the endpoint gets no new request at all, not even in panic.</summary>
    internal bool IsBarred => Health == EndpointHealth.Draining || IsRejecting;

    internal EndpointHealth Health { get; private set; }

    /// <summary>Gets a value indicating whether the endpoint is known to take no requests now.</summary>
    internal bool IsOut => Health is not (EndpointHealth.Healthy or EndpointHealth.Unknown);

    /// <summary>Gets a value indicating whether the endpoint is out for no other reason than that it rejected a request.</summary>
    internal bool IsOnlyRejecting => IsRejecting && Health == EndpointHealth.Ejected && !IsEjected;

    private bool NeedsSuccess => IsEjected || IsSuspect;

    private long EjectedAt => _ejection?.Began ?? 0;

    private long RejectsUntil => _rejection?.Until ?? long.MaxValue;

    private int SlowStartPercent => _ramp?.Percent ?? SlowStartRamp.FullPercent;

    private string? HealthReason => DrainReason ?? (IsReportedUnhealthy ? ReportedUnhealthy : null) ?? _probes?.UnhealthyReason ?? Notice?.Reason;

    // If both apply, the endpoint is out until the later end.
    private EjectionNotice? Notice =>
        _ejection?.Notice is { } ejection && !(_rejection?.Notice?.Until > ejection.Until) ? ejection : _rejection?.Notice;

    /// <summary>Updates the values that follow from the state machines. They call it at each change.</summary>
    internal void Refresh()
    {
        IsEjected = _ejection is { IsEjected: true };
        IsRejecting = _rejection is { IsActive: true };
        HasPassedProbes = _probes is { HasPassed: true };
        MayRamp = _ramp is { IsIdle: false };
        Health =
            DrainReason is not null ? EndpointHealth.Draining :
            IsUnhealthy ? EndpointHealth.Unhealthy :
            IsEjected || IsRejecting ? EndpointHealth.Ejected :
            HasAnswered ? EndpointHealth.Healthy :
            EndpointHealth.Unknown;
        _isShown = false;
    }

    /// <summary>Tells whether nothing has changed since <see cref="MarkShown"/> was called with the same argument.</summary>
    internal bool IsShown(bool isAvailable) => _isShown && _isShownAvailable == isAvailable;

    /// <summary>Marks that requests see the present state.</summary>
    internal void MarkShown(bool isAvailable) => (_isShown, _isShownAvailable) = (true, isAvailable);

    /// <summary>
    /// Forgets that the endpoint works, if probes have shown it. Called when it is no longer probed because the client has stopped to use it. When the client
    /// uses it again, that is out of date.
    /// </summary>
    internal void ForgetPasses()
    {
        if (HasPassedProbes)
        {
            _probes!.ForgetPasses();
            HasAnswered = false;
        }
    }

    /// <summary>Forgets the results of probes. Called when probing is switched off.</summary>
    internal void ClearProbes() => _probes?.Clear();

    /// <inheritdoc cref="SilenceWatch.CountMissedLimits"/>
    internal long CountMissedLimits(int requests) => _silence?.CountMissedLimits(requests) ?? 0;

    /// <summary>Forgets a silence.</summary>
    internal void ClearSilence() => _silence?.Clear();

    /// <summary>Tells whether a state has the same content as the one that <see cref="CreateState"/> would create.</summary>
    internal bool Matches(EndpointState state, bool isAvailable) =>
        state.Health == Health
        && state.HealthReason == HealthReason
        && state.IsAvailable == isAvailable
        && state.NeedsSuccess == NeedsSuccess
        && state.EjectedAt == EjectedAt
        && state.RejectsUntil == RejectsUntil
        && state.HasAnswered == HasAnswered
        && state.SlowStartPercent == SlowStartPercent;

    /// <summary>Creates the state that requests read. Endpoints that were never out share one.</summary>
    internal EndpointState CreateState(bool isAvailable)
    {
        var usual = (Health, isAvailable) switch
        {
            (EndpointHealth.Unknown, true) => Unknown,
            (EndpointHealth.Unknown, false) => WaitingUnknown,
            (EndpointHealth.Healthy, true) => Healthy,
            _ => null,
        };
        return usual is not null && Matches(usual, isAvailable) ? usual : CreateOwnState(isAvailable);
    }

    private EndpointState CreateOwnState(bool isAvailable) =>
        new(Health, HealthReason, Health == EndpointHealth.Ejected ? Notice?.Until : null, isAvailable)
        {
            NeedsSuccess = NeedsSuccess,
            EjectedAt = EjectedAt,
            RejectsUntil = RejectsUntil,
            HasAnswered = HasAnswered,
            SlowStartPercent = SlowStartPercent,
        };
}
