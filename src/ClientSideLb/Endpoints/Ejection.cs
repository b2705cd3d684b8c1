namespace ClientSideLb.Endpoints;

/// <summary>
/// Tracks whether one endpoint is ejected. After the ejection time, requests try the endpoint, one at a time. A trial request that succeeds
/// ends the ejection. So does a probe that passes.
/// This is a pure state machine over timestamps with one writer, the cluster.
/// </summary>
internal sealed class Ejection
{
    private long _duration;
    private long _returned = long.MinValue;
    private int _timesInRow;
    private bool _onTrial;
    private EjectionNotice? _notice;

    internal bool IsEjected { get; private set; }

    /// <summary>Gets the timestamp at which the ejection began. The results of requests that were sent before it do not count.</summary>
    internal long Began { get; private set; }

    /// <summary>Gets the timestamp at which a trial request is due. It is <see cref="long.MaxValue"/> if the endpoint is not ejected or a trial is under way.</summary>
    internal long TrialDue => IsEjected && !_onTrial ? Began + _duration : long.MaxValue;

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
        set => _notice = value;
    }

    /// <summary>Ejects the endpoint for its failures. The ejection time is the base time multiplied by the number of ejections in a row.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="baseTime">The base ejection time.</param>
    /// <param name="maxTime">The longest ejection time.</param>
    /// <param name="jitter">A random factor near 1 for the ejection time.</param>
    internal void EjectForFailures(long now, long baseTime, long maxTime, double jitter)
    {
        // An endpoint that worked for as long as it was out begins a new row of ejections. One that fails sooner continues the old row.
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
    internal bool TryBeginTrial(long now)
    {
        if (TrialDue > now)
        {
            return false;
        }

        _onTrial = true;
        return true;
    }

    /// <summary>Ends the trial without a result, so that another request may begin one.</summary>
    internal void AbandonTrial() => _onTrial = false;

    /// <summary>Ends the ejection.</summary>
    internal void Return(long now)
    {
        IsEjected = false;
        _onTrial = false;
        _returned = now;
    }

    private void Begin(long now, long duration)
    {
        IsEjected = true;
        _onTrial = false;
        Began = now;
        _duration = duration;
    }
}
