namespace ClientSideLb.Simulator;

/// <summary>An answer on its way to a client.</summary>
internal readonly record struct Delivery(long Time, int Request, int Stamp, Outcome Outcome);
