namespace ClientSideLb.Simulator;

/// <summary>What may happen to a backend.</summary>
public enum ChangeKind
{
    /// <summary>It is dead: it refuses connections, and the requests it has break off. Clients are not told.</summary>
    Refuse,

    /// <summary>It accepts requests and never answers.</summary>
    Hang,

    /// <summary>It answers every new request with 503 at once.</summary>
    Error,

    /// <summary>It goes on at another speed.</summary>
    Slow,

    /// <summary>It works again at its own speed, after <see cref="BackendGroup.Start"/> if it was dead.</summary>
    Recover,

    /// <summary>Clients learn that it is no longer listed. It finishes what it has.</summary>
    Leave,

    /// <summary>Clients learn of it; it starts first if it was not there or is dead. A backend whose first change this is was not there before.</summary>
    Join,
}
