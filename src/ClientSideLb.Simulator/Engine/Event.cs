namespace ClientSideLb.Simulator;

/// <summary>Something that is going to happen.</summary>
/// <param name="Time">When, in nanoseconds of virtual time.</param>
/// <param name="Order">Which of those that happen at the same time comes first: the one that was scheduled first.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">To which.</param>
/// <param name="Stamp">Tells an event that has been overtaken: its target has gone on to another stamp.</param>
internal readonly record struct Event(long Time, long Order, EventKind Kind, int Target, int Stamp)
{
    internal bool IsBefore(in Event other) => Time < other.Time || (Time == other.Time && Order < other.Order);
}
