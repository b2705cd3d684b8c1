namespace ClientSideLb.Endpoints;

/// <summary>
/// Whether one endpoint is ejected, and how it may come back: after its time, by one trial request at a time, or by a probe.
/// A pure state machine over timestamps, with one writer: the cluster.
/// </summary>
internal sealed class Ejection
{
    private long _duration;
    private long _returned = long.MinValue;
    private int _timesInRow;
    private bool _onTrial;
    private EjectionNotice? _notice;

    internal bool IsEjected { get; private set; }

    /// <summary>Gets when the ejection began. What was sent before says nothing of the endpoint as it is now.</summary>
    internal long Began { get; private set; }

    /// <summary>Gets when a trial request is due, or <see cref="long.MaxValue"/> while there is nothing to try.</summary>
    internal long TrialDue => IsEjected && !_onTrial ? Began + _duration : long.MaxValue;

    internal long Until => Began + _duration;

    /// <summary>Gets from when on a probe that is sent, and passes, ends the ejection. An endpoint that asked for time has all of it: it passes probes meanwhile.</summary>
    internal long ProbesCountFrom { get; private set; }

    /// <summary>Gets or sets what is told of the ejection; <see langword="null"/> while there is none.</summary>
    internal EjectionNotice? Notice
    {
        get => IsEjected ? _notice : null;
        set => _notice = value;
    }

    /// <summary>Ejects the endpoint for its failures: the base time, times how often that has happened in a row.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="baseTime">The base ejection time.</param>
    /// <param name="maxTime">The longest ejection time.</param>
    /// <param name="jitter">What the time is multiplied with, about 1.</param>
    internal void EjectForFailures(long now, long baseTime, long maxTime, double jitter)
    {
        // An endpoint that has been back for as long as it was out has made good; one that fails again sooner has not.
        var recovered = !IsEjected && _returned != long.MinValue && now - _returned >= _duration;
        _timesInRow = recovered ? 1 : _timesInRow + 1;
        Begin(now, (long)Math.Min(maxTime, Math.Min((double)baseTime * _timesInRow, maxTime) * jitter));
        ProbesCountFrom = Began;
    }

    /// <summary>Sets the endpoint aside for as long as it asked for. That is no failure, and so does not make later times longer.</summary>
    internal void SetAside(long now, long duration)
    {
        Begin(now, duration);
        ProbesCountFrom = Until;
    }

    /// <summary>Takes the trial, where one is due and nobody else has it.</summary>
    internal bool TryBeginTrial(long now)
    {
        if (TrialDue > now)
        {
            return false;
        }

        _onTrial = true;
        return true;
    }

    /// <summary>Gives the trial back without a result, so that another request may take it.</summary>
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
