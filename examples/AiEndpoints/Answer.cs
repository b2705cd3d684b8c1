namespace AiEndpoints;

/// <summary>How one request ended for its caller.</summary>
/// <param name="Kind">The kind of the end.</param>
internal readonly record struct Answer(AnswerKind Kind)
{
    /// <summary>Gets the time until the headers of the response were there.</summary>
    internal TimeSpan Elapsed { get; init; }

    /// <summary>Gets the time that a 429 asks the caller to wait.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
