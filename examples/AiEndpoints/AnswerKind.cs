namespace AiEndpoints;

internal enum AnswerKind
{
    /// <summary>The whole answer came in one piece.</summary>
    Whole,

    /// <summary>The whole answer came as a stream of tokens.</summary>
    Streamed,

    /// <summary>A deployment answered 429, and the caller got that.</summary>
    Rejected,

    /// <summary>The caller got a 429, and the request was not sent, because no deployment had room.</summary>
    RejectedUnsent,

    /// <summary>Anything else.</summary>
    Failed,
}
