namespace ClientSideLb.Shared;

/// <summary>The watches of the services that queries ask for: one for each service, regardless of the number of queries. Thread-safe.</summary>
/// <param name="create">Makes the watch of a service.</param>
/// <param name="ended">Called with the name of a watch that has ended because no query has asked for its service lately.</param>
internal sealed class WatchRegistry<TName, TState>(Func<TName, ServiceWatch<TName, TState>> create, Action<TName> ended)
    where TName : notnull
    where TState : class, IServiceState
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TName, Entry> _entries = [];
    private bool _isStopped;

    /// <summary>Gets the number of endpoints of each watched service.</summary>
    internal IEnumerable<(string Service, int Endpoints)> Read()
    {
        ServiceWatch<TName, TState>[] watches;
        lock (_lock)
        {
            watches = [.. _entries.Values.Select(static entry => entry.Watch)];
        }

        return watches.Select(static watch => (watch.Name.ToString()!, watch.Latest?.EndpointCount ?? 0));
    }

    /// <summary>Gets the latest state of a service, or <see langword="null"/> if it is not watched or there is none yet.</summary>
    internal TState? Find(TName name)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(name)?.Watch.Latest;
        }
    }

    /// <summary>Gets the watch of a service for one more user.</summary>
    /// <exception cref="ObjectDisposedException">The container was disposed.</exception>
    internal ServiceWatch<TName, TState> Acquire(TName name)
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
    internal async Task ReleaseAsync(ServiceWatch<TName, TState> watch)
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
        ended(watch.Name);
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

    private sealed class Entry(ServiceWatch<TName, TState> watch)
    {
        internal ServiceWatch<TName, TState> Watch { get; } = watch;

        internal int Users { get; set; }
    }
}
