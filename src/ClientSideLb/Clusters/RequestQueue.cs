using ClientSideLb.Configuration;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// The requests that wait until an endpoint has room: first in, first out. The thread that makes room, by a release or a change of the cluster, looks for the
/// requests that can go on now. One thread looks at a time. If another one makes room meanwhile, the first one looks again.
/// </summary>
/// <remarks>
/// The strategy picks without the lock, because it may be code of the application. A request that waits costs a place in a list, and no timer: all waits have
/// the same length, so that one timer, for the request that has waited longest, is enough.
/// </remarks>
internal sealed class RequestQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly WaitLines _lines = new();
    private readonly EndpointAcquirer _acquirer;
    private readonly RoomWatch _room;
    private readonly TimeProvider _time;
    private readonly Func<ConcurrencySettings> _settings;
    private readonly Action<EndpointLease> _giveBack;
    private readonly string _clientName;
    private readonly Action _onRoom;
    private readonly WaitTimer _timer;
    private bool _isLooking;
    private bool _mustLookAgain;
    private long _look;
    private long _changes;
    private bool _isDisposed;
    private volatile int _count;

    /// <param name="clientName">The name of the client, for messages.</param>
    /// <param name="acquirer">Takes leases.</param>
    /// <param name="room">Tells when an endpoint has room again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="settings">Gets the present settings.</param>
    /// <param name="giveBack">Gives a lease back that no request uses.</param>
    internal RequestQueue(
        string clientName, EndpointAcquirer acquirer, RoomWatch room, TimeProvider time, Func<ConcurrencySettings> settings, Action<EndpointLease> giveBack)
    {
        _clientName = clientName;
        _acquirer = acquirer;
        _room = room;
        _time = time;
        _settings = settings;
        _giveBack = giveBack;
        _onRoom = Look;
        _timer = new WaitTimer(time, settings, OnTimer);
    }

    /// <summary>Gets the number of requests that wait.</summary>
    /// <remarks>A request that comes to a full queue is in it until it is clear that it finds no room. It does not count.</remarks>
    internal int Count => Math.Min(_count, _settings().QueueLimit);

    /// <summary>Lets a request wait. It may end the wait at once, with a lease or because the queue is full.</summary>
    /// <exception cref="ObjectDisposedException">The container was disposed.</exception>
    internal void Enqueue(Waiter waiter)
    {
        var needs = waiter.Needs;
        lock (_lock)
        {
            if (_isDisposed)
            {
                throw CreateDisposed();
            }

            waiter.Since = _time.GetTimestamp();
            if (_lines.Count >= _settings().QueueLimit && _lines.HasLine(needs))
            {
                EndLocked(waiter, WaitEnd.QueueFull);
                return;
            }

            // Even if the queue is full, this request may not have to wait, because those that wait have other needs. The look decides.
            _lines.Add(waiter, needs);
            _count = _lines.Count;
            if (_count == 1)
            {
                _room.Begin(_onRoom);
                _timer.Set(waiter);
            }
        }

        // Room that was made before the request was in the queue did not wake it.
        Look();
    }

    /// <summary>Lets the requests go on that can, because an endpoint has room again.</summary>
    internal void Look()
    {
        lock (_lock)
        {
            if (_lines.Count == 0)
            {
                return;
            }

            if (_isLooking)
            {
                _mustLookAgain = true;
                return;
            }

            _isLooking = true;
            _look++;
        }

        while (FindNext(out var changes) is { } waiter)
        {
            TryServe(waiter, changes);
        }
    }

    /// <summary>Lets the requests go on that can, because the cluster has changed. Keys may have other owners, and other settings may apply.</summary>
    internal void OnChanged()
    {
        if (_count == 0)
        {
            return;
        }

        lock (_lock)
        {
            _changes++;
            _lines.ForgetOwners();
            if (_lines.FindOldest() is { } oldest)
            {
                _timer.Set(oldest);
            }
        }

        Look();
    }

    internal void Cancel(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (TryRemoveLocked(waiter))
            {
                waiter.SetCanceled(cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_lines.FindOldest() is { } waiter)
            {
                TryRemoveLocked(waiter);
                waiter.Fail(CreateDisposed());
            }

            _timer.Dispose();
        }
    }

    private Waiter? FindNext(out long changes)
    {
        lock (_lock)
        {
            changes = _changes;
            while (true)
            {
                if (_lines.FindNext(_look) is { } waiter)
                {
                    return waiter;
                }

                if (!_mustLookAgain)
                {
                    break;
                }

                _mustLookAgain = false;
                _look++;
            }

            // These requests came to a full queue and found no room either.
            while (_lines.Count > _settings().QueueLimit)
            {
                var newest = _lines.FindNewest()!;
                TryRemoveLocked(newest);
                EndLocked(newest, WaitEnd.QueueFull);
            }

            _isLooking = false;
            return null;
        }
    }

    private void TryServe(Waiter waiter, long changes)
    {
        EndpointLease? lease = null;
        Shortage shortage = default;
        Exception? failure = null;
        try
        {
            lease = waiter.TryAcquire(_acquirer, out shortage);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_lock)
        {
            if (waiter.Line is not null)
            {
                ApplyLocked(waiter, ref lease, in shortage, failure, changes);
            }
        }

        if (lease is not null)
        {
            // The wait ended while the strategy picked.
            _giveBack(lease);
        }
    }

    private void ApplyLocked(Waiter waiter, ref EndpointLease? lease, in Shortage shortage, Exception? failure, long changes)
    {
        if (failure is not null)
        {
            TryRemoveLocked(waiter);
            waiter.Fail(failure);
        }
        else if (lease is not null || !shortage.IsFull)
        {
            TryRemoveLocked(waiter);
            EndLocked(waiter, lease is null ? WaitEnd.NothingToWaitFor : WaitEnd.Granted, lease);
            lease = null;
        }
        else if (changes != _changes)
        {
            // The endpoint that it found full may not be its owner any more. It is tried again.
        }
        else if (ReferenceEquals(shortage.Owner, waiter.Line!.Needs.Owner))
        {
            waiter.Line.BlockedIn = _look;
        }
        else
        {
            _lines.Move(waiter, shortage.Owner);
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            while (_lines.FindOldest() is { } oldest)
            {
                if (!_timer.IsOver(oldest))
                {
                    _timer.Set(oldest);
                    return;
                }

                TryRemoveLocked(oldest);
                EndLocked(oldest, WaitEnd.TimedOut);
            }
        }
    }

    private bool TryRemoveLocked(Waiter waiter)
    {
        if (waiter.Line is null)
        {
            return false;
        }

        _lines.Remove(waiter);
        _count = _lines.Count;
        if (_count == 0)
        {
            _room.End();
            _timer.Stop();
        }

        return true;
    }

    private void EndLocked(Waiter waiter, WaitEnd end, EndpointLease? lease = null) =>
        waiter.End(new WaitResult(end, lease, _time.GetElapsedTime(waiter.Since), _lines.Count));

    private ObjectDisposedException CreateDisposed() => new(
        nameof(IServiceProvider), $"The container was disposed while a request of client '{_clientName}' waited for an endpoint that has room.");
}
