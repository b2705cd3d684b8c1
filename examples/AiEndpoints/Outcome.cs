namespace AiEndpoints;

/// <summary>Whether the example shows what it should.</summary>
/// <param name="Fault">What is not as it should be, or <see langword="null"/> if all is.</param>
internal sealed record Outcome(string? Fault)
{
    internal bool IsGood => Fault is null;

    internal static Outcome Of(IReadOnlyCollection<PartResult> results)
    {
        var with = results.Single(static result => result.Part == Part.With);
        return new Outcome(with switch
        {
            _ when results.Sum(static result => result.Failed) is > 0 and var failed => $"{failed} requests failed.",
            { Rejected: > 0 } => $"{with.Rejected} callers saw a 429, although a deployment had room.",
            { UsesEveryDeployment: false } => "a deployment answered nothing.",
            _ when results.Any(static result => result.HasRejectionWithoutTime) => "a 429 did not say when there is room again.",
            _ => null,
        });
    }
}
