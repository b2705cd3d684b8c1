using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Kubernetes.Zones;

/// <summary>The zone that the application runs in, which is known from the start or found later. Thread-safe.</summary>
internal sealed class OwnZone : IDisposable
{
    private readonly CancellationTokenSource _found = new();
    private readonly CancellationToken _token;
    private readonly Lock _lock = new();
    private readonly List<WeakReference<CancellationTokenSource>> _listeners = [];
    private string? _value;

    internal OwnZone(string? configured)
    {
        _value = configured;
        _token = _found.Token;
    }

    /// <summary>Gets the zone, or <see langword="null"/> while it is not known.</summary>
    internal string? Value => Volatile.Read(ref _value);

    /// <summary>Gets a token that fires when the zone is found, if it is not known yet.</summary>
    internal IChangeToken GetChangeToken() => new CancellationChangeToken(Value is null ? _token : CancellationToken.None);

    /// <summary>Cancels a source when the zone is found.</summary>
    /// <remarks>
    /// The reference to it is weak. Watches, which run on their own, refer to the zone. Through the listeners they would keep alive a container that is
    /// dropped without being disposed.
    /// </remarks>
    internal void Tell(CancellationTokenSource listener)
    {
        lock (_lock)
        {
            _listeners.Add(new WeakReference<CancellationTokenSource>(listener));
        }
    }

    /// <summary>Sets the zone, unless it is known already.</summary>
    /// <returns>Whether the zone was not known before.</returns>
    internal bool TryFind(string zone)
    {
        if (Interlocked.CompareExchange(ref _value, zone, null) is not null)
        {
            return false;
        }

        WeakReference<CancellationTokenSource>[] listeners;
        lock (_lock)
        {
            listeners = [.. _listeners];
        }

        _found.Cancel();
        foreach (var listener in listeners)
        {
            if (listener.TryGetTarget(out var source))
            {
                source.Cancel();
            }
        }

        return true;
    }

    public void Dispose() => _found.Dispose();
}
