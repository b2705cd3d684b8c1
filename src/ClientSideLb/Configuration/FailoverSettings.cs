namespace ClientSideLb.Configuration;

/// <summary>The settings of failover.</summary>
internal sealed record FailoverSettings(
    bool Enabled,
    int MaxAttempts,
    TimeSpan? AttemptTimeout,
    TimeSpan? HedgingDelay,
    double RetryBudget,
    int MinimumRetriesPerSecond);
