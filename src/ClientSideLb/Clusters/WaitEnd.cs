namespace ClientSideLb.Clusters;

/// <summary>How a request's wait for room ended.</summary>
internal enum WaitEnd
{
    /// <summary>The request has a lease.</summary>
    Granted,

    /// <summary>No endpoint is left that the request could wait for. The request looks again, and finds out why.</summary>
    NothingToWaitFor,

    /// <summary>The request has waited for as long as it may.</summary>
    TimedOut,

    /// <summary>As many requests wait as may.</summary>
    QueueFull,
}
