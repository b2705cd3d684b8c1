namespace ClientSideLb.Simulator;

/// <summary>What an outcome means.</summary>
/// <param name="Verdict">What it says of the endpoint.</param>
/// <param name="Answer">Whether there was an answer, and how.</param>
/// <param name="IsNothingSent">Whether nothing of the request was sent.</param>
internal readonly record struct Judgement(Verdict Verdict, Answer Answer, bool IsNothingSent)
{
    internal bool IsFailure => Verdict is Verdict.Failure or Verdict.Refused;
}
