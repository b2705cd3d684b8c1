namespace ClientSideLb.Simulator;

/// <summary>The progress of a run, or of several runs together.</summary>
/// <param name="Done">The fraction of the virtual time that has passed, from 0 to 1.</param>
/// <param name="Requests">The number of requests that have begun.</param>
public readonly record struct SimulationProgress(double Done, long Requests);
