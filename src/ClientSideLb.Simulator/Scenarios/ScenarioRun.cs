namespace ClientSideLb.Simulator;

/// <summary>One of several runs that are compared.</summary>
/// <param name="Label">The label that distinguishes it from the others.</param>
/// <param name="Scenario">The scenario to run.</param>
public sealed record ScenarioRun(string Label, Scenario Scenario);
