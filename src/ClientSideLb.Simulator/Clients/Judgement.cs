namespace ClientSideLb.Simulator;

/// <summary>What an outcome means.</summary>
/// <param name="Result">The result of an attempt, without its endpoint.</param>
/// <param name="IsNothingSent">Whether nothing of the request was sent.</param>
internal readonly record struct Judgement(AttemptResult Result, bool IsNothingSent)
{
    internal bool IsFailure => Result.IsFailure;
}
