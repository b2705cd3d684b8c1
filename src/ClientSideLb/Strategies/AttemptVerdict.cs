namespace ClientSideLb;

/// <summary>The library's verdict on an attempt: what its result means for the endpoint.</summary>
public enum AttemptVerdict
{
    /// <summary>The endpoint did not cause the result. For example, the caller made a mistake. The attempt does not count.</summary>
    Neutral,

    /// <summary>The endpoint answered, and the answer does not count as a failure.</summary>
    Success,

    /// <summary>The endpoint failed: a transport error, an attempt timeout, or a status that counts as a failure.</summary>
    Failure,

    /// <summary>The endpoint refused the connection: nothing listens at its address.</summary>
    Refused,

    /// <summary>The caller cancelled the request before the endpoint answered.</summary>
    Abandoned,
}
