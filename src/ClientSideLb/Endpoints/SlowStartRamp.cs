namespace ClientSideLb.Endpoints;

/// <summary>
/// Slow start of one endpoint: its way from a tenth of its share to all of it, after it was out or when it joins others.
/// A pure state machine over timestamps, with one writer: the cluster.
/// </summary>
internal sealed class SlowStartRamp
{
    internal const int FullPercent = 100;
    private const int FirstPercent = 10;

    private bool _wasOut;
    private long _started;
    private bool _running;

    /// <summary>Gets how much of its share the endpoint gets. Strategies read it when they make a picker.</summary>
    internal int Percent { get; private set; } = FullPercent;

    /// <summary>Marks that the endpoint is out, or has just joined others, and so is to ramp up once it is available.</summary>
    internal void MarkOut() => (_wasOut, _running, Percent) = (true, false, FullPercent);

    /// <summary>Moves on, for an endpoint that is available.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="duration">How long the way takes; 0 where there is no slow start.</param>
    /// <returns>Whether the endpoint is still on its way.</returns>
    internal bool Advance(long now, long duration)
    {
        if (_wasOut)
        {
            (_wasOut, _running, _started) = (false, true, now);
        }

        _running = _running && now - _started < duration;
        Percent = _running ? FirstPercent + (int)((FullPercent - FirstPercent) * (now - _started) / duration) : FullPercent;
        return _running;
    }
}
