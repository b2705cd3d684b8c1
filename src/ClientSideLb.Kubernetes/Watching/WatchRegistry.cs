using ClientSideLb.Kubernetes.Names;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>The watches of the services that are asked for: one for each service, however many ask, and none for others. Thread-safe.</summary>
internal sealed class WatchRegistry(Func<KubernetesServiceName, ServiceWatch> create, Action<ServiceWatch> ended)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<KubernetesServiceName, Entry> _entries = [];
    private bool _isStopped;

    /// <summary>Gets the latest state of each watched service.</summary>
    internal IEnumerable<(string Namespace, string Service, int Endpoints)> Read()
    {
        ServiceWatch[] watches;
        lock (_lock)
        {
            watches = [.. _entries.Values.Select(static entry => entry.Watch)];
        }

        return watches.Select(static watch => (watch.Name.Namespace, watch.Name.Service, watch.Latest?.CountEndpoints() ?? 0));
    }

    /// <summary>Gets the watch of a service for one more user.</summary>
    /// <exception cref="ObjectDisposedException">The container was disposed.</exception>
    internal ServiceWatch Acquire(KubernetesServiceName name)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            if (!_entries.TryGetValue(name, out var entry))
            {
                _entries.Add(name, entry = new Entry(create(name)));
            }

            entry.Users++;
            return entry.Watch;
        }
    }

    /// <summary>Ends the watch of a service if its last user is gone.</summary>
    internal async Task ReleaseAsync(ServiceWatch watch)
    {
        lock (_lock)
        {
            if (_isStopped || --_entries[watch.Name].Users > 0)
            {
                return;
            }

            _entries.Remove(watch.Name);
        }

        await watch.DisposeAsync().ConfigureAwait(false);
        ended(watch);
    }

    /// <summary>Ends all watches.</summary>
    internal async Task StopAsync()
    {
        Entry[] entries;
        lock (_lock)
        {
            _isStopped = true;
            entries = [.. _entries.Values];
            _entries.Clear();
        }

        await Task.WhenAll(entries.Select(static entry => entry.Watch.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private sealed class Entry(ServiceWatch watch)
    {
        internal ServiceWatch Watch { get; } = watch;

        internal int Users { get; set; }
    }
}
