namespace ClientSideLb.Endpoints;

/// <summary>What made an endpoint an outlier.</summary>
internal enum EjectionReason
{
    /// <summary>Requests in a row failed.</summary>
    ConsecutiveFailures,

    /// <summary>Response bodies in a row broke off.</summary>
    BrokenBodies,

    /// <summary>Too many of the latest requests failed.</summary>
    FailureRate,

    /// <summary>Requests in a row were given up unanswered.</summary>
    Unanswered,

    /// <summary>The one request by which it was to come back failed.</summary>
    TrialFailed,

    /// <summary>It asked to be left alone.</summary>
    RetryAfter,
}
