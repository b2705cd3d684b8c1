namespace ClientSideLb.Endpoints;

/// <summary>The callbacks of one endpoint that run when its last request in flight ends. Safe for many threads.</summary>
internal struct IdleCallbacks
{
    private Action<ClusterEndpoint>? _callbacks;

    /// <summary>Adds a callback. The same callback is added only once. This is a full fence.</summary>
    internal void Add(Action<ClusterEndpoint> idle) => Change(callbacks => callbacks - idle + idle);

    internal void Remove(Action<ClusterEndpoint> idle) => Change(callbacks => callbacks - idle);

    internal readonly void Invoke(ClusterEndpoint endpoint) => Volatile.Read(in _callbacks)?.Invoke(endpoint);

    private void Change(Func<Action<ClusterEndpoint>?, Action<ClusterEndpoint>?> change)
    {
        Action<ClusterEndpoint>? callbacks;
        do
        {
            callbacks = Volatile.Read(ref _callbacks);
        }
        while (Interlocked.CompareExchange(ref _callbacks, change(callbacks), callbacks) != callbacks);
    }
}
