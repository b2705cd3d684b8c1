namespace ClientSideLb;

/// <summary>The library's judgement of an attempt: what its end means for the endpoint.</summary>
public enum AttemptVerdict
{
    /// <summary>The attempt ended for a reason that is not the endpoint's, such as a fault of the caller's own. It does not count.</summary>
    Neutral,

    /// <summary>The endpoint answered well.</summary>
    Success,

    /// <summary>The endpoint failed: a transport error, an attempt timeout, or a status that counts as a failure.</summary>
    Failure,

    /// <summary>The endpoint refused the connection: nothing listens at its address.</summary>
    Refused,

    /// <summary>The caller cancelled the request before the endpoint answered.</summary>
    Abandoned,
}
