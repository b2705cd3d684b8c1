namespace AiEndpoints;

/// <summary>What came of one part of the example.</summary>
/// <param name="Part">The part.</param>
/// <param name="Answers">How each request ended for its caller.</param>
/// <param name="Deployments">What each deployment did.</param>
internal sealed record PartResult(Part Part, IReadOnlyList<Answer> Answers, IReadOnlyList<DeploymentTally> Deployments)
{
    internal int Streamed => Count(AnswerKind.Streamed);

    internal int Answered => Count(AnswerKind.Whole) + Streamed;

    internal int Failed => Count(AnswerKind.Failed);

    /// <summary>Gets the number of callers that saw a 429.</summary>
    internal int Rejected => Count(AnswerKind.Rejected) + Unsent;

    /// <summary>Gets the number of those whose request was not sent.</summary>
    internal int Unsent => Count(AnswerKind.RejectedUnsent);

    /// <summary>Gets the time in which half of the requests that were not sent were answered.</summary>
    internal TimeSpan UnsentMedian
    {
        get
        {
            TimeSpan[] times = [.. Answers.Where(static answer => answer.Kind == AnswerKind.RejectedUnsent).Select(static answer => answer.Elapsed).Order()];
            return times.Length == 0 ? TimeSpan.Zero : times[times.Length / 2];
        }
    }

    /// <summary>Gets the shortest and the longest time that callers were asked to wait.</summary>
    internal (TimeSpan Shortest, TimeSpan Longest) RetryAfter
    {
        get
        {
            TimeSpan[] times = [.. Answers.Select(static answer => answer.RetryAfter).OfType<TimeSpan>()];
            return times.Length == 0 ? default : (times.Min(), times.Max());
        }
    }

    internal bool HasRejectionWithoutTime =>
        Answers.Any(static answer => answer is { Kind: AnswerKind.Rejected or AnswerKind.RejectedUnsent, RetryAfter: null });

    internal bool UsesEveryDeployment => Deployments.All(static deployment => deployment.Answered > 0);

    private int Count(AnswerKind kind) => Answers.Count(answer => answer.Kind == kind);
}
