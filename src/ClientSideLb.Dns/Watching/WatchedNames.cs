using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Watching;

/// <summary>
/// The names that are looked up now. Providers that ask the same question share its lookups. Disposing it ends all lookups. Thread-safe.
/// </summary>
internal sealed class WatchedNames(
    DnsDiscoveryOptions options, DnsTransport transport, DnsDiscoveryMetrics metrics, TimeProvider time, Random random, ILogger logger) : IObservedNames, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, WatchedName> _names = [];
    private bool _isDisposed;

    public IReadOnlyList<(string Name, int Endpoints)> Counts
    {
        get
        {
            lock (_lock)
            {
                return [.. _names.Values.Where(static name => name.State is not null).Select(static name => (name.Question.Name, name.State!.Endpoints.Count))];
            }
        }
    }

    /// <summary>Gets a name to use until it is released.</summary>
    internal WatchedName Acquire(DnsQuestion question)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_names.TryGetValue(question, out var name))
            {
                _names.Add(question, name = Create(question));
            }

            name.Users++;
            return name;
        }
    }

    /// <summary>Ends the use of a name. Without users it is no longer looked up.</summary>
    internal void Release(WatchedName name)
    {
        lock (_lock)
        {
            if (--name.Users > 0)
            {
                return;
            }

            _names.Remove(name.Question);
        }

        name.Dispose();
    }

    public void Dispose()
    {
        List<WatchedName> names;
        lock (_lock)
        {
            _isDisposed = true;
            names = [.. _names.Values];
            _names.Clear();
        }

        names.ForEach(static name => name.Dispose());
    }

    private WatchedName Create(DnsQuestion question) => new(
        question,
        () =>
        {
            var addresses = new AddressLookup(transport, options.AddressFamily);
            return new NameLookup(question, addresses, new SrvLookup(transport, addresses, logger));
        },
        () => new NameHistory(question, options, time, random, logger),
        metrics,
        time);
}
