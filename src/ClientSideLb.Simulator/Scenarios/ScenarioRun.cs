namespace ClientSideLb.Simulator;

/// <summary>One of the runs that a named scenario compares.</summary>
/// <param name="Label">What distinguishes it from the others.</param>
/// <param name="Scenario">What is run.</param>
public sealed record ScenarioRun(string Label, Scenario Scenario);
