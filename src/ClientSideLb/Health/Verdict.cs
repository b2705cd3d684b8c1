namespace ClientSideLb;

/// <summary>What the end of an attempt says of its endpoint.</summary>
internal enum Verdict
{
    /// <summary>It answered.</summary>
    Success,

    /// <summary>It failed.</summary>
    Failure,

    /// <summary>It refuses connections: nothing listens there.</summary>
    Refused,

    /// <summary>The caller gave up.</summary>
    Abandoned,

    /// <summary>The attempt ended for a reason of the caller's own making, which says nothing.</summary>
    Neutral,
}
