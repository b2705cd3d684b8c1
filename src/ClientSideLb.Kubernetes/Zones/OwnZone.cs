using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Kubernetes.Zones;

/// <summary>The zone that the application runs in, which is known from the start or found later. Thread-safe.</summary>
internal sealed class OwnZone : IDisposable
{
    private readonly CancellationTokenSource _found = new();
    private readonly CancellationToken _token;
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

    /// <summary>Sets the zone, unless it is known already.</summary>
    /// <returns>Whether the zone was not known before.</returns>
    internal bool TryFind(string zone)
    {
        if (Interlocked.CompareExchange(ref _value, zone, null) is not null)
        {
            return false;
        }

        _found.Cancel();
        return true;
    }

    public void Dispose() => _found.Dispose();
}
