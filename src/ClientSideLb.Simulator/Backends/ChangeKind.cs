namespace ClientSideLb.Simulator;

/// <summary>The kinds of changes of a backend.</summary>
public enum ChangeKind
{
    /// <summary>The backend dies: it refuses connections, and its requests break off. Service discovery goes on listing it.</summary>
    Refuse,

    /// <summary>The backend accepts requests and never answers.</summary>
    Hang,

    /// <summary>
    /// The backend answers new requests with <see cref="BackendChange.Status"/> at once: every one, or each with
    /// <see cref="BackendChange.Probability"/>.
    /// </summary>
    Error,

    /// <summary>The backend goes on at another speed.</summary>
    Slow,

    /// <summary>The backend works again at its own speed. If it was dead or hung, it first starts, which takes <see cref="BackendGroup.Start"/>.</summary>
    Recover,

    /// <summary>Service discovery no longer lists the backend. The backend finishes the requests that it has.</summary>
    Leave,

    /// <summary>
    /// Service discovery lists the backend. If the backend did not exist before or has failed, it also starts. A backend whose first change
    /// is this one does not exist before it.
    /// </summary>
    Join,
}
