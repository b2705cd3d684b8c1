namespace ClientSideLb.Endpoints;

/// <summary>The reason why an endpoint is ejected.</summary>
internal enum EjectionReason
{
    /// <summary>Several requests in a row failed.</summary>
    ConsecutiveFailures,

    /// <summary>Several response bodies in a row broke off.</summary>
    BrokenBodies,

    /// <summary>Too many of the latest requests failed.</summary>
    FailureRate,

    /// <summary>So many answers in a row were server errors that the endpoint stands out from the rest of its cluster.</summary>
    ServerErrors,

    /// <summary>Several requests in a row were cancelled by their callers after a long wait without an answer.</summary>
    Unanswered,

    /// <summary>Several requests wait far longer than is usual, and the endpoint gives no sign of life.</summary>
    Hanging,

    /// <summary>The trial request failed that should have brought the endpoint back.</summary>
    TrialFailed,

    /// <summary>The endpoint asked for a pause with a <c>Retry-After</c> header.</summary>
    RetryAfter,

    /// <summary>The endpoint rejected a request (429) and said when it has room again.</summary>
    Rejected,
}
