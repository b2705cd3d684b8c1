namespace ClientSideLb.Tests;

/// <summary>
/// An actor that does something to a cluster, step by step: a request, the prober, an operator, discovery, the clock. It has no state: the
/// world keeps what the actor holds between its steps, so the same actor takes part in many runs.
/// </summary>
internal sealed record Actor(string Name, params (string What, Action<ClusterWorld, string> Do)[] Steps)
{
    /// <summary>The end of a request.</summary>
    internal enum Outcome
    {
        Succeeds,
        Fails,
        IsRefused,
        IsCancelled,
        IsCancelledLate,
        EndsNeutrally,
        SucceedsWithRetryAfter,
        FailsWithRetryAfter,
        IsRejected,
    }

    internal static readonly Outcome[] AllOutcomes = Enum.GetValues<Outcome>();

    /// <summary>A balanced request: it picks an endpoint, gets its headers or a failure, and has a body that ends later.</summary>
    internal static Actor Request(string name, Outcome outcome) => new(
        name,
        ("picks", static (world, name) => world.Pick(name)),
        (outcome.ToString(), (world, name) => world.End(name, outcome)),
        ("is read to its end", static (world, name) => world.Release(name)));

    /// <summary>A request without a body.</summary>
    internal static Actor ShortRequest(string name, Outcome outcome) => new(
        name,
        ("picks", static (world, name) => world.Pick(name)),
        (outcome.ToString(), (world, name) => world.EndAndRelease(name, outcome)));

    /// <summary>A request to an endpoint that the test chooses.</summary>
    internal static Actor RequestTo(int endpoint, string name, Outcome outcome) => new(
        name,
        ($"is sent to {endpoint}", (world, name) => world.Send(name, endpoint)),
        (outcome.ToString(), (world, name) => world.EndAndRelease(name, outcome)));

    internal static Actor Prober(int endpoint, bool passes) => new(
        "prober",
        ($"probes {endpoint}", (world, name) => world.StartProbe(name, endpoint)),
        (passes ? "sees it pass" : "sees it fail", (world, name) => world.EndProbe(name, passes)));

    internal static Actor Operator(int endpoint) => new(
        "operator",
        ($"drains {endpoint}", (world, _) => world.Drain(endpoint)),
        ($"resumes {endpoint}", (world, _) => world.Resume(endpoint)));

    internal static Actor Discovery(int endpoint) => new(
        "discovery",
        ($"loses {endpoint}", (world, _) => world.Unlist(endpoint)),
        ($"finds {endpoint}", (world, _) => world.Relist(endpoint)));

    internal static Actor Reload() => new(
        "reload",
        ("switches detection and probes off", static (world, _) => world.Reload(enabled: false)),
        ("switches them on", static (world, _) => world.Reload(enabled: true)));

    internal static Actor Clock(double seconds) => new("clock", ($"moves {seconds} s", (world, _) => world.Advance(seconds)));

    public override string ToString() => Name;
}
