using System.Collections.Concurrent;

namespace ClientSideLb.Benchmarks.Minimal;

/// <summary>Where a <see cref="MinimalHandler"/> sends requests, how many are under way there, and what addresses were rewritten for it.</summary>
internal class MinimalEndpoint(Uri address)
{
    private const int MostKept = 1_000;

    private readonly ConcurrentDictionary<string, Uri> _rewritten = new(StringComparer.Ordinal);
    private int _inFlight;

    internal void AddInFlight() => Interlocked.Increment(ref _inFlight);

    internal virtual void RemoveInFlight() => Interlocked.Decrement(ref _inFlight);

    internal Uri AddressFor(Uri logical)
    {
        if (_rewritten.TryGetValue(logical.OriginalString, out var rewritten))
        {
            return rewritten;
        }

        rewritten = new Uri(address, logical.PathAndQuery);
        if (_rewritten.Count < MostKept)
        {
            _rewritten.TryAdd(logical.OriginalString, rewritten);
        }

        return rewritten;
    }
}
