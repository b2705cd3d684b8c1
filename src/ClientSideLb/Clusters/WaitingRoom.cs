using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>The place where requests wait until an endpoint has room. The queue is made when the settings first permit waiting.</summary>
/// <param name="clientName">The name of the client, for messages.</param>
/// <param name="writer">The state of the cluster.</param>
/// <param name="acquirer">Takes leases.</param>
/// <param name="results">Learns of leases that no request uses.</param>
/// <param name="time">The clock.</param>
internal sealed class WaitingRoom(string clientName, ClusterWriter writer, EndpointAcquirer acquirer, ResultObserver results, TimeProvider time) : IDisposable
{
    private volatile RequestQueue? _queue;

    /// <summary>Gets how many requests wait.</summary>
    internal int Count => _queue?.Count ?? 0;

    /// <summary>Gets a value indicating whether any request waits.</summary>
    internal bool IsAnyWaiting => _queue is not null && writer.Room.IsAnyWaiting;

    /// <summary>Makes the queue if the settings permit waiting. It stays, because requests may wait in it. The caller holds the cluster's lock.</summary>
    internal void PrepareLocked()
    {
        writer.Lock.AssertHeld();
        if (writer.Settings.Concurrency.MayWait)
        {
            _queue ??= new RequestQueue(clientName, acquirer, writer.Room, time, () => writer.Settings.Concurrency, GiveBack);
        }
    }

    /// <summary>Lets a request wait until an endpoint has room, if the settings permit that.</summary>
    /// <returns>The wait, which may have ended already, or <see langword="null"/> if requests do not wait.</returns>
    /// <exception cref="ObjectDisposedException">The container was disposed.</exception>
    internal Waiter? TryWait(PickKeys keys, object request, TriedEndpoints? tried, EndpointNeeds needs)
    {
        if (!writer.Settings.Concurrency.MayWait || _queue is not { } queue)
        {
            return null;
        }

        var waiter = new Waiter(queue, keys, request, tried, needs);
        queue.Enqueue(waiter);
        return waiter;
    }

    /// <inheritdoc cref="RequestQueue.OnChanged"/>
    internal void OnChanged() => _queue?.OnChanged();

    /// <summary>Ends all waits.</summary>
    public void Dispose() => _queue?.Dispose();

    private void GiveBack(EndpointLease lease)
    {
        if (lease.IsTrial)
        {
            // Another request can be the trial now.
            results.Observe(lease, new AttemptResult { Endpoint = lease.Endpoint, Request = null!, Verdict = AttemptVerdict.Neutral });
        }

        lease.Release();
    }
}
