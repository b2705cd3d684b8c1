namespace ClientSideLb;

/// <summary>Whether an attempt was answered, and how.</summary>
internal enum Answer
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>With a server error (5xx), which tells nothing of how fast the endpoint is.</summary>
    ServerError,

    /// <summary>With another status.</summary>
    Other,
}
