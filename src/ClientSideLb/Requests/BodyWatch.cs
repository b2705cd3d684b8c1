namespace ClientSideLb;

/// <summary>Knows the lease of one response's body at a time, and gives it back once the body is gone. Nothing that the lease refers to may lead to the body.</summary>
internal sealed class BodyWatch
{
    private readonly WeakReference<TrackedContent> _content = new(null!);
    private volatile EndpointLease? _lease;

    /// <summary>Gets a value indicating whether there is a body to watch.</summary>
    internal bool IsWatching => _lease is not null;

    internal void Begin(TrackedContent content, EndpointLease lease)
    {
        // In this order: whoever finds the lease finds its body too.
        _content.SetTarget(content);
        _lease = lease;
    }

    /// <summary>Forgets the body, whose lease has ended.</summary>
    internal void End() => _lease = null;

    /// <summary>Gives the lease back if the body has been collected.</summary>
    /// <returns>Whether it did; then there is no body to watch any more.</returns>
    internal bool TryRelease()
    {
        // A body that ends meanwhile, and another that is begun with, do no harm: the lease read before has been released then, and says no.
        if (_lease is not { } lease || _content.TryGetTarget(out _) || !lease.Release())
        {
            return false;
        }

        End();
        return true;
    }
}
