namespace ClientSideLb.Simulator;

/// <summary>How far a run has come.</summary>
/// <param name="Done">The part of its virtual time that is over, from 0 to 1.</param>
/// <param name="Requests">How many requests have begun.</param>
public readonly record struct SimulationProgress(double Done, long Requests);
