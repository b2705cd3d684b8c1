namespace ClientSideLb.Simulator;

/// <summary>What happens at an event.</summary>
internal enum EventKind
{
    /// <summary>The client of the given index sends its next request.</summary>
    Arrival,

    /// <summary>A backend has served the job of the given index.</summary>
    Served,

    /// <summary>The timer of the given index is due.</summary>
    Timer,

    /// <summary>The scenario's change of the given index takes place.</summary>
    Change,

    /// <summary>The next slice of the timeline begins.</summary>
    Slice,
}
