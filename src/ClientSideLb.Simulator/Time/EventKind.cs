namespace ClientSideLb.Simulator.Time;

/// <summary>The kinds of events.</summary>
internal enum EventKind
{
    /// <summary>The client with the given index sends its next request.</summary>
    Arrival,

    /// <summary>A server of a backend has served its request.</summary>
    Served,

    /// <summary>The timer with the given index is due.</summary>
    Timer,

    /// <summary>The scenario's change with the given index takes place.</summary>
    Change,

    /// <summary>The next slice of the timeline begins.</summary>
    Slice,
}
