using System.Collections.Concurrent;

namespace ClientSideLb.Clusters;

/// <summary>
/// What happened in a cluster and has not been told to its listeners yet. Writers add events under the cluster's lock, and deliver them
/// after they have released it. One thread delivers at a time, so that events arrive in their order; the others leave theirs to it.
/// </summary>
internal sealed class ClusterEventQueue
{
    private readonly ConcurrentQueue<Action<IClusterListener>> _waiting = new();
    private IClusterListener[] _listeners;
    private bool _isDelivering;

    internal ClusterEventQueue(IEnumerable<IClusterListener> listeners) => _listeners = [.. listeners];

    /// <summary>Adds a listener. It hears the events that are delivered from now on.</summary>
    internal void Subscribe(IClusterListener listener) => _listeners = [.. _listeners, listener];

    internal void Add(Action<IClusterListener> tell) => _waiting.Enqueue(tell);

    /// <summary>Tells the listeners what happened. The caller holds no lock.</summary>
    internal void Deliver()
    {
        // The loop looks again after the flag is cleared: an event that another thread added meanwhile must not be left behind.
        while (!_waiting.IsEmpty && !Interlocked.Exchange(ref _isDelivering, true))
        {
            try
            {
                while (_waiting.TryDequeue(out var tell))
                {
                    Tell(tell);
                }
            }
            finally
            {
                Volatile.Write(ref _isDelivering, false);
            }
        }
    }

    private void Tell(Action<IClusterListener> tell)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                tell(listener);
            }
            catch (Exception)
            {
                // A log sink or a meter listener of the application threw. The other listeners must still hear of the event, and the
                // request that caused it must go on.
            }
        }
    }
}
