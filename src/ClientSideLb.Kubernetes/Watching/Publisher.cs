using System.Collections.Immutable;
using ClientSideLb.Kubernetes.Slices;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>Holds the latest state of a service, and tells when there is a newer one. Thread-safe.</summary>
internal sealed class Publisher
{
    private readonly Lock _publishing = new();
    private Published? _latest;

    /// <summary>Gets the latest state, or <see langword="null"/> if none was published yet.</summary>
    internal ServiceState? Latest => Volatile.Read(ref _latest)?.State;

    /// <summary>Makes a state the latest one, unless it is the same.</summary>
    /// <returns>Whether it is a new one.</returns>
    internal bool Publish(bool isKnown, ImmutableDictionary<string, Slice> slices)
    {
        Published? previous;
        lock (_publishing)
        {
            previous = _latest;
            if (previous is not null && previous.State.IsKnown == isKnown && ReferenceEquals(previous.State.Slices, slices))
            {
                return false;
            }

            // It has no timer, so that there is nothing to free.
            var changed = new CancellationTokenSource();
            var state = new ServiceState(isKnown, slices, new CancellationChangeToken(changed.Token));
            Volatile.Write(ref _latest, new Published(state, changed));
        }

        // Whoever listens must not be called under a lock, and must not end the watch if it throws.
        try
        {
            previous?.Changed.Cancel();
        }
        catch (AggregateException)
        {
            // It is the listeners' own fault, and they have no other place to get it.
        }

        return true;
    }

    private sealed record Published(ServiceState State, CancellationTokenSource Changed);
}
