namespace ClientSideLb.Endpoints;

/// <summary>
/// The slow start of one endpoint: its share grows from a tenth to the whole after it was out, and after it joined other endpoints.
/// This is a pure state machine over timestamps with one writer, the cluster.
/// </summary>
/// <param name="record">The record that it belongs to.</param>
internal sealed class SlowStartRamp(EndpointRecord? record = null) : RecordPart(record)
{
    internal const int FullPercent = 100;
    private const int FirstPercent = 10;

    private bool _wasOut;
    private long _started;
    private bool _running;

    /// <summary>Gets the per cent of its share that the endpoint gets now. Strategies read it when they make a picker.</summary>
    internal int Percent { get; private set; } = FullPercent;

    /// <summary>Gets a value indicating whether <see cref="Advance"/> would change nothing.</summary>
    internal bool IsIdle => !_wasOut && !_running;

    /// <summary>Marks that the endpoint is out, or has just joined others. Its slow start begins when it is available.</summary>
    internal void MarkOut()
    {
        if (!_wasOut)
        {
            (_wasOut, _running, Percent) = (true, false, FullPercent);
            MarkChanged();
        }
    }

    /// <summary>Begins or continues the slow start of an endpoint that is available.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="duration">The length of the slow start; 0 turns it off.</param>
    /// <returns>Whether the endpoint is still in slow start.</returns>
    internal bool Advance(long now, long duration)
    {
        if (IsIdle)
        {
            return false;
        }

        if (_wasOut)
        {
            (_wasOut, _running, _started) = (false, true, now);
        }

        _running = _running && now - _started < duration;
        Percent = _running ? FirstPercent + (int)((FullPercent - FirstPercent) * (now - _started) / duration) : FullPercent;
        MarkChanged();
        return _running;
    }
}
