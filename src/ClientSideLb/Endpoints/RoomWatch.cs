namespace ClientSideLb.Endpoints;

/// <summary>
/// Tells a cluster that one of its endpoints has room again, while requests wait for that. While none waits, a release only reads one reference.
/// All endpoints of a cluster share one.
/// </summary>
internal sealed class RoomWatch
{
    private Action? _onRoom;

    /// <summary>Gets a value indicating whether requests wait for room.</summary>
    internal bool IsAnyWaiting => Volatile.Read(ref _onRoom) is not null;

    /// <summary>Begins to call an action whenever an endpoint has room again.</summary>
    /// <param name="onRoom">The action. It must not throw, and it may be called by any thread.</param>
    /// <remarks>
    /// The exchange is a fence that pairs with the one in the release of a place: either the release sees the action, or the caller sees the room, because it
    /// looks at the endpoints once more after this.
    /// </remarks>
    internal void Begin(Action onRoom) => Interlocked.Exchange(ref _onRoom, onRoom);

    internal void End() => Volatile.Write(ref _onRoom, null);

    /// <summary>Tells that an endpoint has room again.</summary>
    internal void Notify() => Volatile.Read(ref _onRoom)?.Invoke();
}
