namespace ClientSideLb.Simulator;

/// <summary>The results of one zone in a run: of the clients that run in it, and of its backends. They are measured after the warm-up.</summary>
public sealed record ZoneResult
{
    /// <summary>Gets the name of the zone.</summary>
    public required string Zone { get; init; }

    /// <summary>Gets the requests of the clients in the zone.</summary>
    public required TrafficResult Clients { get; init; }

    /// <summary>
    /// Gets the results of the requests that began while at least one backend of the scenario failed, all of its requests or some, or <see langword="null"/>
    /// if none ever failed.
    /// </summary>
    public required TrafficResult? ClientsWhileFailing { get; init; }

    /// <summary>Gets the attempts per second that each backend of the zone got on average, from all clients; 0 if the zone has no backends.</summary>
    public required double BackendRate { get; init; }

    /// <summary>Gets the same for the time in which at least one backend of the scenario failed, or <see langword="null"/> if none ever failed.</summary>
    public required double? BackendRateWhileFailing { get; init; }

    /// <summary>Gets the slices of the run in their order, including the warm-up, with the requests and attempts of the clients in the zone.</summary>
    public required IReadOnlyList<TimelineSlice> Timeline { get; init; }
}
