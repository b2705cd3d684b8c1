using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Raises the share of endpoints that were out, or that join others, to the full share step by step. At each step, the cluster calls its
/// strategy to make new pickers.
/// </summary>
internal sealed class SlowStartTimer : IDisposable
{
    private const int Steps = 10;

    private readonly Lock _lock;
    private readonly TimeProvider _time;
    private readonly Action _onStep;
    private ITimer? _timer;
    private bool _isDisposed;

    /// <param name="clusterLock">The cluster's lock.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onStep">Called without the lock at each step.</param>
    internal SlowStartTimer(Lock clusterLock, TimeProvider time, Action onStep)
    {
        _lock = clusterLock;
        _time = time;
        _onStep = onStep;
    }

    /// <summary>Advances the ramps of available endpoints, and notes which endpoints are out. The caller holds the cluster's lock.</summary>
    internal void AdvanceLocked(ClusterEndpoint[] endpoints, in Availability availability, TimeSpan duration)
    {
        _lock.AssertHeld();
        var now = _time.GetTimestamp();
        var length = Timestamps.FromTimeSpan(duration, _time);
        var anyRamps = false;
        foreach (var endpoint in endpoints)
        {
            var record = endpoint.Record;
            if (Availability.IsAvailable(record, availability.UnknownsWait))
            {
                anyRamps |= record.MayRamp && record.Ramp.Advance(now, length);
            }
            else if (record.Health != EndpointHealth.Unknown && !record.IsOnlyRejecting)
            {
                record.Ramp.MarkOut();
            }
        }

        if (anyRamps && !_isDisposed)
        {
            _timer ??= BackgroundWork.CreateTimer(_time, static slowStart => ((SlowStartTimer)slowStart!).Step(), this);
            _timer.Change(duration / Steps, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Step()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }
        }

        _onStep();
    }
}
