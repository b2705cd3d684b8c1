namespace ClientSideLb.Simulator.Time;

/// <summary>Something that happens at a known time.</summary>
/// <param name="Time">When it happens, in nanoseconds of virtual time.</param>
/// <param name="Order">Its place among the events of the same time: the one that was scheduled first comes first.</param>
/// <param name="Kind">The kind of event.</param>
/// <param name="Target">The index of the client, backend, timer or change that it happens to.</param>
/// <param name="Stamp">The stamp that the target had when the event was scheduled. An event whose target has another stamp by now is stale.</param>
internal readonly record struct Event(long Time, long Order, EventKind Kind, int Target, int Stamp)
{
    internal bool IsBefore(in Event other) => Time < other.Time || (Time == other.Time && Order < other.Order);
}
