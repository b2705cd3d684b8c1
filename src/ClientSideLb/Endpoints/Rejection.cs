namespace ClientSideLb.Endpoints;

/// <summary>
/// Tracks whether one endpoint has rejected a request because it had no room (429), and said when it has room again. Until then it gets no request at all,
/// not even in panic, and it needs no trial afterwards: the endpoint itself has said when to return.
/// This is a pure state machine over timestamps with one writer, the cluster.
/// </summary>
/// <param name="record">The record that it belongs to.</param>
internal sealed class Rejection(EndpointRecord? record = null) : RecordPart(record)
{
    internal bool IsActive => Until != long.MaxValue;

    /// <summary>Gets the timestamp at which the endpoint takes requests again. It is <see cref="long.MaxValue"/> if the endpoint takes them now.</summary>
    internal long Until { get; private set; } = long.MaxValue;

    /// <summary>Gets the reason and the end in the form that users see, or <see langword="null"/> if the endpoint takes requests.</summary>
    internal EjectionNotice? Notice { get; private set; }

    /// <summary>Begins the time without requests, or extends it. If several answers give a time, the latest end counts.</summary>
    /// <returns>Whether the end has changed.</returns>
    internal bool Extend(long until, EjectionNotice notice)
    {
        if (IsActive && until <= Until)
        {
            return false;
        }

        (Until, Notice) = (until, notice);
        MarkChanged();
        return true;
    }

    /// <summary>Ends the time without requests.</summary>
    internal void End()
    {
        (Until, Notice) = (long.MaxValue, null);
        MarkChanged();
    }
}
