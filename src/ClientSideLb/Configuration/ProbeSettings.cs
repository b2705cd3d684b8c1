namespace ClientSideLb.Configuration;

/// <summary>Immutable settings of active health checks. If a reload gives equal settings, the prober keeps its probe.</summary>
internal sealed record ProbeSettings
{
    internal required bool Enabled { get; init; }

    internal required HealthProbeKind Kind { get; init; }

    internal required string Path { get; init; }

    internal required string Method { get; init; }

    /// <summary>Gets the service that a gRPC probe asks for, or an empty text for the whole server.</summary>
    internal required string GrpcService { get; init; }

    /// <summary>Gets the HTTP version of an HTTP probe, or <see langword="null"/> for that of the client's requests.</summary>
    internal required Version? Version { get; init; }

    internal required HttpVersionPolicy? VersionPolicy { get; init; }

    internal required string ExpectedStatus { get; init; }

    internal required Func<string, bool>? BodyPredicate { get; init; }

    internal required TimeSpan Interval { get; init; }

    internal required TimeSpan UnhealthyInterval { get; init; }

    internal required TimeSpan Timeout { get; init; }

    internal required int UnhealthyThreshold { get; init; }

    internal required int HealthyThreshold { get; init; }

    internal required int MaxConcurrentProbes { get; init; }

    /// <summary>Gets the name that the Host header of an HTTP probe contains. It is the same as in the client's requests.</summary>
    internal required HostHeaderMode HostHeader { get; init; }

    /// <summary>Gets the application's own probe, or <see langword="null"/> if there is none.</summary>
    internal required IHealthProbe? OwnProbe { get; init; }
}
