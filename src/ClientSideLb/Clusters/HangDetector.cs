using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Finds endpoints that hang while requests wait for them. If the callers have no time limit, no result ever reveals such an endpoint. The timer runs
/// only while requests wait.
/// </summary>
/// <remarks>
/// An endpoint hangs if several requests wait for its headers far longer than is usual, it has given no sign of life since, and another endpoint works.
/// A fault that all endpoints share is no reason to eject one of them.
/// </remarks>
internal sealed class HangDetector : IDisposable
{
    // Fewer requests may be slow by their own fault.
    private const int SeveralRequests = 2;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ShortestStall = TimeSpan.FromMilliseconds(50);

    private readonly ClusterWriter _writer;
    private readonly TimeProvider _time;
    private readonly WaitLimits _limits;
    private readonly Action<ClusterEndpoint> _eject;
    private ITimer? _timer;
    private long _due = long.MaxValue;
    private long _stallEnded = long.MinValue;
    private bool _isArmed;
    private bool _isDisposed;

    /// <param name="writer">The cluster's state.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limits">How long requests may wait.</param>
    /// <param name="eject">Ejects an endpoint that hangs, if the rules permit it. The caller holds the cluster's lock.</param>
    internal HangDetector(ClusterWriter writer, TimeProvider time, WaitLimits limits, Action<ClusterEndpoint> eject)
    {
        _writer = writer;
        _time = time;
        _limits = limits;
        _eject = eject;
    }

    /// <summary>Starts the timer if it does not run. Called whenever a request begins to wait.</summary>
    internal void Arm()
    {
        if (!Volatile.Read(ref _isArmed) && _writer.Settings.Outliers.Enabled && !Interlocked.Exchange(ref _isArmed, true))
        {
            lock (_writer.Lock)
            {
                ContinueLocked();
            }
        }
    }

    /// <summary>
    /// Tells whether this process has stood still since some time, as in a long garbage collection or when it has used up its share of the processor. Then
    /// answers may have arrived that it has not read yet, so a long wait says nothing.
    /// </summary>
    internal bool HasStalledSince(long time, long now) => Volatile.Read(ref _stallEnded) >= time || IsLate(Volatile.Read(ref _due), now);

    public void Dispose()
    {
        lock (_writer.Lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Tick()
    {
        lock (_writer.Lock)
        {
            if (_isDisposed)
            {
                return;
            }

            var now = _time.GetTimestamp();
            if (IsLate(_due, now))
            {
                Volatile.Write(ref _stallEnded, now);
                Array.ForEach(_writer.Membership.Members, static member => member.Record.ClearSilence());
            }

            var isAnyWaiting = ObserveLocked(now);
            if (isAnyWaiting)
            {
                ContinueLocked();
            }
            else
            {
                Volatile.Write(ref _due, long.MaxValue);
                Volatile.Write(ref _isArmed, false);
            }
        }

        _writer.FinishChange();

        // A request that began to wait before the write above has not started the timer.
        if (!Volatile.Read(ref _isArmed) && Array.Exists(_writer.Snapshots.Latest.Members, static member => member.Waits.Read().Waiting > 0))
        {
            Arm();
        }
    }

    // Returns whether any request waits.
    private bool ObserveLocked(long now)
    {
        var settings = _writer.Settings.Outliers;
        var members = _writer.Membership.Members;
        var slowest = new Lazy<TimeSpan?>(() => WaitLimits.FindSlowest(members));
        var isAnyWaiting = false;
        foreach (var endpoint in members)
        {
            var (waiting, ended) = endpoint.Waits.Read();
            isAnyWaiting |= waiting > 0;
            if (waiting > 0 && _limits.GetForWaiting(endpoint, slowest, settings) is { } limit)
            {
                endpoint.Record.Silence.Observe(now, endpoint.Failures.SignsOfLife, waiting, ended, limit);
            }
            else
            {
                endpoint.Record.ClearSilence();
            }
        }

        if (!isAnyWaiting || !settings.Enabled)
        {
            return false;
        }

        foreach (var endpoint in members)
        {
            if (endpoint.IsAvailable
                && endpoint.Record.CountMissedLimits(SeveralRequests) >= settings.ConsecutiveFailures
                && Array.Exists(members, Works))
            {
                _eject(endpoint);
            }
        }

        return true;
    }

    private void ContinueLocked()
    {
        _writer.Lock.AssertHeld();
        if (_isDisposed)
        {
            return;
        }

        var interval = GetInterval();
        _timer ??= BackgroundWork.CreateTimer(_time, static detector => ((HangDetector)detector!).Tick(), this);
        _timer.Change(interval, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _due, _time.GetTimestamp() + Timestamps.FromTimeSpan(interval, _time));
    }

    private TimeSpan GetInterval()
    {
        const int ChecksInWait = 4;

        var interval = _time.GetElapsedTime(0, _writer.Settings.Outliers.UnansweredWait) / ChecksInWait;
        return interval > ShortestInterval ? interval : ShortestInterval;
    }

    // A timer that is late by as much as its interval has not been delayed by other work alone.
    private bool IsLate(long due, long now)
    {
        if (now <= due)
        {
            return false;
        }

        var interval = GetInterval();
        return _time.GetElapsedTime(due, now) > (interval > ShortestStall ? interval : ShortestStall);
    }

    private static bool Works(ClusterEndpoint endpoint) =>
        endpoint is { IsAvailable: true, State.HasAnswered: true } && endpoint.Record.CountMissedLimits(requests: 1) == 0;
}
