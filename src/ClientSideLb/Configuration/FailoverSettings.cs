namespace ClientSideLb.Configuration;

/// <summary>Immutable settings of failover, created from <see cref="FailoverOptions"/>.</summary>
internal sealed record FailoverSettings(
    bool Enabled,
    int MaxAttempts,
    TimeSpan? AttemptTimeout,
    TimeSpan? HedgingDelay,
    double RetryBudget,
    int MinimumRetriesPerSecond,
    bool MoveRejected);
