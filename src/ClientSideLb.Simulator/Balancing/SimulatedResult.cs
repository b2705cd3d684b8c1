namespace ClientSideLb.Simulator.Balancing;

/// <summary>The result of a simulated attempt, in the terms of production.</summary>
/// <param name="Verdict">The verdict on the endpoint.</param>
/// <param name="Answer">Whether the endpoint answered, and with what kind of status.</param>
/// <param name="IsNothingSent">Whether no part of the request was sent.</param>
internal readonly record struct SimulatedResult(Verdict Verdict, Answer Answer, bool IsNothingSent)
{
    internal bool IsFailure => Verdict is Verdict.Failure or Verdict.Refused;
}
