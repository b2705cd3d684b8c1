namespace ClientSideLb.Endpoints;

/// <summary>
/// Tracks whether one endpoint is ejected. After the ejection time, requests try the endpoint, one at a time. A trial request that succeeds
/// ends the ejection. So does a probe that passes.
/// This is a pure state machine over timestamps with one writer, the cluster.
/// </summary>
/// <param name="record">The record that it belongs to.</param>
internal sealed class Ejection(EndpointRecord? record = null) : RecordPart(record)
{
    private long _duration;
    private long _returned = long.MinValue;
    private int _timesInRow;
    private bool _onTrial;
    private long _trialBegan;
    private long _trialEnds;
    private int _unendedTrials;
    private EjectionNotice? _notice;

    internal bool IsEjected { get; private set; }

    /// <summary>Gets the timestamp at which the ejection began. The results of requests that were sent before it do not count.</summary>
    internal long Began { get; private set; }

    /// <summary>
    /// Gets the timestamp at which a trial request is due: after the ejection time, or when the trial that is under way has taken too long. It is
    /// <see cref="long.MaxValue"/> if the endpoint is not ejected.
    /// </summary>
    internal long TrialDue => !IsEjected ? long.MaxValue : _onTrial ? _trialEnds : Began + _duration;

    /// <summary>Gets the timestamp at which the ejection time ends.</summary>
    internal long Until => Began + _duration;

    /// <summary>
    /// Gets the timestamp from which on probes count: a probe that is sent at that time or later, and passes, ends the ejection. An endpoint
    /// that asked for a pause gets all of it, although it passes probes in the meantime.
    /// </summary>
    internal long ProbesCountFrom { get; private set; }

    /// <summary>Gets or sets the reason and the end of the ejection in the form that users see, or <see langword="null"/> if the endpoint is not ejected.</summary>
    internal EjectionNotice? Notice
    {
        get => IsEjected ? _notice : null;
        set
        {
            _notice = value;
            MarkChanged();
        }
    }

    /// <summary>Gets or sets a value indicating whether server errors are the reason. Then a trial that ends with one has failed.</summary>
    internal bool IsForServerErrors { get; set; }

    /// <summary>Ejects the endpoint for its failures. The ejection time is the base time multiplied by the number of ejections in a row.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="baseTime">The base ejection time.</param>
    /// <param name="maxTime">The longest ejection time.</param>
    /// <param name="jitter">A random factor near 1 for the ejection time.</param>
    internal void EjectForFailures(long now, long baseTime, long maxTime, double jitter)
    {
        // An endpoint that worked for as long as it was out begins a new row of ejections. An endpoint that fails sooner continues the old row.
        var recovered = !IsEjected && _returned != long.MinValue && now - _returned >= _duration;
        _timesInRow = recovered ? 1 : _timesInRow + 1;
        Begin(now, (long)Math.Min(maxTime, Math.Min((double)baseTime * _timesInRow, maxTime) * jitter));
        ProbesCountFrom = Began;
    }

    /// <summary>Sets the endpoint aside for as long as it asked. This is not a failure, so it does not make later ejections longer.</summary>
    internal void SetAside(long now, long duration)
    {
        Begin(now, duration);
        ProbesCountFrom = Until;
    }

    /// <summary>Begins the trial if one is due and no other request has begun it.</summary>
    /// <param name="due">The timestamp by which the trial must be due.</param>
    /// <param name="now">The timestamp of the trial.</param>
    /// <param name="limit">
    /// The time after which another trial may begin although this one has no result: one request that hangs must not keep a sound endpoint out. It is
    /// doubled for each trial in a row without a result, so that an endpoint that hangs does not hold one request after another.
    /// </param>
    internal bool TryBeginTrial(long due, long now, long limit)
    {
        const int MaxDoublings = 6;

        if (TrialDue > due)
        {
            return false;
        }

        _unendedTrials = _onTrial ? Math.Min(MaxDoublings, _unendedTrials + 1) : 0;
        _onTrial = true;
        _trialBegan = now;
        _trialEnds = now + (limit << _unendedTrials);
        return true;
    }

    /// <summary>Makes a trial due now, after an outage of all endpoints: the health of each of them is unknown.</summary>
    internal void MakeTrialDue(long now)
    {
        if (IsEjected && !_onTrial && ProbesCountFrom == Began)
        {
            _duration = Math.Min(_duration, now - Began);
        }
    }

    /// <summary>Ends the trial without a result, so that another request may begin one.</summary>
    /// <param name="began">The timestamp at which the trial began. A trial that took too long must not end the one that replaced it.</param>
    internal void AbandonTrial(long began)
    {
        if (began == _trialBegan)
        {
            _onTrial = false;
        }
    }

    /// <summary>Ends the ejection.</summary>
    internal void Return(long now)
    {
        IsEjected = false;
        IsForServerErrors = false;
        _onTrial = false;
        _returned = now;
        MarkChanged();
    }

    private void Begin(long now, long duration)
    {
        IsEjected = true;
        _onTrial = false;
        Began = now;
        _duration = duration;
        MarkChanged();
    }
}
