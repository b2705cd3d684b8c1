using System.Collections.Immutable;
using ClientSideLb.Consul.Instances;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Consul.Watching;

/// <summary>Holds the latest state of a service, and tells when there is a newer one. One thread at a time may publish. Any may read.</summary>
internal sealed class Publisher
{
    private Published? _latest;

    /// <summary>Gets the latest state, or <see langword="null"/> if none was published yet.</summary>
    internal ServiceState? Latest => Volatile.Read(ref _latest)?.State;

    /// <summary>Makes a state the latest one, unless it is the same.</summary>
    /// <returns>Whether it is a new one.</returns>
    internal bool Publish(bool isKnown, ImmutableArray<ConsulInstance> instances)
    {
        var previous = Volatile.Read(ref _latest);
        if (previous is not null && previous.State.IsKnown == isKnown && previous.State.Instances.SequenceEqual(instances))
        {
            return false;
        }

        // It has no timer, so that there is nothing to free.
        var changed = new CancellationTokenSource();
        Volatile.Write(ref _latest, new Published(new ServiceState(isKnown, instances, new CancellationChangeToken(changed.Token)), changed));

        // Whoever listens must not end the watch if it throws.
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
