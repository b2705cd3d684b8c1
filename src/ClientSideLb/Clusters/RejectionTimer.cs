using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>Sets endpoints aside that have rejected a request, and brings them back as soon as the time that they asked for is over.</summary>
internal sealed class RejectionTimer(Cluster cluster, ClusterWriter writer, TimeProvider time) : IDisposable
{
    private ITimer? _timer;
    private long _due = long.MaxValue;
    private bool _isDisposed;

    /// <summary>Sets an endpoint aside.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="asked">The time that it asked for. The longest ejection time limits it.</param>
    internal void SetAside(ClusterEndpoint endpoint, TimeSpan asked)
    {
        var now = time.GetTimestamp();
        lock (writer.Lock)
        {
            var settings = writer.Settings;
            if (_isDisposed || !settings.SetsRejectingAside || !writer.Membership.IsKnownLocked(endpoint))
            {
                return;
            }

            var rejection = endpoint.Record.Rejection;
            var wasActive = rejection.IsActive;
            var until = now + Math.Min(Timestamps.FromTimeSpan(asked, time), settings.Outliers.MaxEjectionTime);
            var duration = time.GetElapsedTime(now, until);
            if (!rejection.Extend(until, new EjectionNotice(settings.Outliers.Describe(EjectionReason.Rejected), time.GetUtcNow() + duration)))
            {
                return;
            }

            writer.PublishLocked(wasActive ? null : () => writer.AddEjected(endpoint, EjectionReason.Rejected, duration));
            ScheduleLocked(now);
        }

        writer.FinishChange();
    }

    /// <summary>Brings all endpoints back whose time is over. The timer may be late.</summary>
    /// <returns>Whether any came back.</returns>
    internal bool ReturnDue() => time.GetTimestamp() >= Volatile.Read(ref _due) && Tick();

    /// <summary>Brings all endpoints back, because the settings do not allow rejections any more. The caller publishes the change.</summary>
    internal void EndAllLocked()
    {
        writer.Lock.AssertHeld();
        foreach (var endpoint in GetKnownLocked())
        {
            if (endpoint.Record.IsRejecting)
            {
                endpoint.Record.Rejection.End();
            }
        }
    }

    public void Dispose()
    {
        lock (writer.Lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    // The timer may also be early, as its clock is another one. Then it is set again.
    private bool Tick()
    {
        bool anyReturned;
        lock (writer.Lock)
        {
            anyReturned = EndLocked(time.GetTimestamp());
        }

        writer.FinishChange();
        return anyReturned;
    }

    private bool EndLocked(long now)
    {
        if (_isDisposed)
        {
            return false;
        }

        var returned = new List<ClusterEndpoint>();
        foreach (var endpoint in GetKnownLocked())
        {
            if (!endpoint.Record.IsRejecting || endpoint.Record.Rejection.Until > now)
            {
                continue;
            }

            returned.Add(endpoint);
            endpoint.Record.Rejection.End();

            // Its rejections have had their effect, and must not make it look busy as well.
            endpoint.LoadPenalty.Clear();
        }

        if (returned.Count > 0)
        {
            writer.PublishLocked(() => returned.ForEach(endpoint => writer.Events.Add(listener => listener.OnReturned(cluster, endpoint, "the time that it asked for is over"))));
        }

        ScheduleLocked(now);
        return returned.Count > 0;
    }

    private void ScheduleLocked(long now)
    {
        var next = long.MaxValue;
        foreach (var endpoint in GetKnownLocked())
        {
            if (endpoint.Record.IsRejecting)
            {
                next = Math.Min(next, endpoint.Record.Rejection.Until);
            }
        }

        Volatile.Write(ref _due, next);
        if (next != long.MaxValue)
        {
            // Timers count whole milliseconds.
            var pause = TimeSpan.FromMilliseconds(Math.Ceiling(time.GetElapsedTime(now, next).TotalMilliseconds));
            _timer ??= BackgroundWork.CreateTimer(time, static rejections => ((RejectionTimer)rejections!).Tick(), this);
            _timer.Change(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    // An endpoint that has left may be listed again.
    private IEnumerable<ClusterEndpoint> GetKnownLocked() => writer.Membership.Listed.Concat(writer.Membership.Leaving);
}
