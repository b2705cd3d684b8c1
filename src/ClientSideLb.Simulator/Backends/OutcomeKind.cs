namespace ClientSideLb.Simulator.Backends;

/// <summary>The ways in which an attempt ends, as its client sees it.</summary>
internal enum OutcomeKind
{
    /// <summary>The backend answered.</summary>
    Answered,

    /// <summary>The backend answered with a status that is a failure for the caller.</summary>
    FailureStatus,

    /// <summary>The backend refused the connection.</summary>
    Refused,

    /// <summary>The connection broke off before the answer.</summary>
    BrokenOff,

    /// <summary>There was no answer within the attempt timeout.</summary>
    AttemptTimedOut,

    /// <summary>The caller gave up.</summary>
    TimedOut,

    /// <summary>The client did not send the request, because every endpoint has rejected requests for a time that is not over.</summary>
    NotSent,

    /// <summary>The client had no endpoint to send the request to.</summary>
    NoEndpoint,

    /// <summary>All endpoints were full, and the request did not wait or waited in vain.</summary>
    Saturated,
}
