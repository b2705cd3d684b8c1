namespace ClientSideLb.Simulator.Balancing;

/// <summary>The result of a simulated attempt, in the terms of production.</summary>
/// <param name="Attempt">The result, without its endpoint.</param>
/// <param name="IsUnprocessed">Whether the endpoint cannot have processed the request.</param>
/// <param name="SetAside">How long the endpoint asks to get no requests, if it does.</param>
internal readonly record struct SimulatedResult(AttemptResult Attempt, bool IsUnprocessed, TimeSpan? SetAside);
