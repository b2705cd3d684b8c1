using ClientSideLb.Simulator.Backends;

namespace ClientSideLb.Simulator.Engine;

/// <summary>An answer on its way through the network to a client.</summary>
/// <param name="Time">The time at which it arrives.</param>
/// <param name="Job">The attempt that it answers.</param>
/// <param name="Outcome">The answer.</param>
internal readonly record struct PendingAnswer(long Time, Job Job, Outcome Outcome);
