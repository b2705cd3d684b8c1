namespace ClientSideLb.Tests.Chaos;

/// <summary>How a <see cref="BackendProcess"/> can behave.</summary>
internal static class Mode
{
    internal const string Good = "good";

    /// <summary>Takes requests and probes, and never answers.</summary>
    internal const string Hung = "hung";

    /// <summary>Answers after 100 ms.</summary>
    internal const string Slow = "slow";

    /// <summary>Answers requests and probes with 503 at once.</summary>
    internal const string Busy = "busy";

    /// <summary>Changes between good and busy every 100 ms.</summary>
    internal const string Flapping = "flapping";

    /// <summary>Reads the request, and breaks the connection without an answer.</summary>
    internal const string ResetBeforeHeaders = "reset-before-headers";

    /// <summary>Answers, and breaks the connection in the middle of the body.</summary>
    internal const string ResetAfterHeaders = "reset-after-headers";
}
