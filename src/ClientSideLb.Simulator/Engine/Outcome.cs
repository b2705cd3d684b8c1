namespace ClientSideLb.Simulator;

/// <summary>How an attempt ends, as its client sees it.</summary>
internal enum Outcome
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was answered with 503.</summary>
    Unavailable,

    /// <summary>The connection was refused.</summary>
    Refused,

    /// <summary>The connection broke off before the answer.</summary>
    BrokenOff,

    /// <summary>There was no answer within the attempt timeout.</summary>
    AttemptTimedOut,

    /// <summary>The caller gave up.</summary>
    TimedOut,

    /// <summary>There was no endpoint to send it to.</summary>
    NoEndpoint,
}
