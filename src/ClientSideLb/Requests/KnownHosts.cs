using System.Collections.Concurrent;

namespace ClientSideLb.Requests;

/// <summary>
/// The hosts that have answered a request of one client. A connection to another host cannot be a reused one. Safe for many threads.
/// </summary>
internal sealed class KnownHosts
{
    private const int MostRemembered = 10_000;

    // By default, a dictionary has a lock for each core. Few threads write to this one, and an application may have hundreds of clients.
    private readonly ConcurrentDictionary<(string Host, int Port), byte> _hosts = new(concurrencyLevel: 1, capacity: 7);
    private volatile bool _isFull;

    internal void Add(Uri address)
    {
        if (_hosts.TryAdd((address.IdnHost, address.Port), 0) && _hosts.Count > MostRemembered)
        {
            // A client that meets this number of hosts is a crawler. From here on every host counts as known.
            _isFull = true;
            _hosts.Clear();
        }
    }

    internal bool Contains(Uri address) => _isFull || _hosts.ContainsKey((address.IdnHost, address.Port));
}
