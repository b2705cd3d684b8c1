using System.Collections.Concurrent;

namespace ClientSideLb.Clusters;

/// <summary>
/// The events of a cluster that its listeners have not received yet. Writers add events under the cluster's lock, and deliver them after they
/// have released it. Only one thread delivers at a time, so that events arrive in order. It also delivers the events of the other threads.
/// </summary>
internal sealed class ClusterEventQueue
{
    private readonly ConcurrentQueue<Action<IClusterListener>> _waiting = new();
    private IClusterListener[] _listeners;
    private bool _isDelivering;

    internal ClusterEventQueue(IEnumerable<IClusterListener> listeners) => _listeners = [.. listeners];

    /// <summary>Adds a listener. It receives the events that are delivered from now on.</summary>
    internal void Subscribe(IClusterListener listener) => _listeners = [.. _listeners, listener];

    internal void Add(Action<IClusterListener> notify) => _waiting.Enqueue(notify);

    /// <summary>Delivers the waiting events to the listeners. The caller holds no lock.</summary>
    internal void Deliver()
    {
        // The loop checks the queue again after it has cleared the flag. Another thread may have added an event that it did not deliver
        // itself, because the flag was set.
        while (!_waiting.IsEmpty && !Interlocked.Exchange(ref _isDelivering, true))
        {
            try
            {
                while (_waiting.TryDequeue(out var notify))
                {
                    Notify(notify);
                }
            }
            finally
            {
                Volatile.Write(ref _isDelivering, false);
            }
        }
    }

    private void Notify(Action<IClusterListener> notify)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                notify(listener);
            }
            catch (Exception)
            {
                // A log sink or a meter listener of the application threw. The other listeners must still receive the event, and the request
                // that caused it must go on.
            }
        }
    }
}
