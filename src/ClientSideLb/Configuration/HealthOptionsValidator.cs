namespace ClientSideLb.Configuration;

/// <summary>Names the faults of the options of health and failover.</summary>
internal static class HealthOptionsValidator
{
    private const int MaxAttempts = 10;

    // Timers cannot wait longer than 49 days; nobody means to.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    internal static void Validate(LoadBalancingOptions options, Action<string, FormattableString> fault)
    {
        Share(nameof(options.PanicThreshold), options.PanicThreshold, fault);
        Time(nameof(options.SlowStart), options.SlowStart, TimeSpan.Zero, Longest, fault);
        ValidateActive(options.ActiveHealthCheck, Within(nameof(options.ActiveHealthCheck), fault));
        ValidateOutliers(options.OutlierDetection, Within(nameof(options.OutlierDetection), fault));
        ValidateFailover(options.Failover, Within(nameof(options.Failover), fault));
    }

    private static void ValidateActive(ActiveHealthCheckOptions options, Action<string, FormattableString> fault)
    {
        if (!Enum.IsDefined(options.Kind))
        {
            fault(nameof(options.Kind), $"is {(int)options.Kind}; expected {string.Join(", ", Enum.GetNames<HealthProbeKind>())}.");
        }

        if (options.Path is not ['/', ..])
        {
            fault(nameof(options.Path), $"is '{options.Path}'; expected a path that starts with a slash.");
        }

        if (string.IsNullOrEmpty(options.Method) || !options.Method.All(char.IsAsciiLetter))
        {
            fault(nameof(options.Method), $"is '{options.Method}'; expected an HTTP method such as GET.");
        }

        if (!StatusRanges.TryParse(options.ExpectedStatus, out _))
        {
            fault(nameof(options.ExpectedStatus), $"is '{options.ExpectedStatus}'; expected statuses from 100 to 599 and ranges of them, such as '200,204,300-399'.");
        }

        Time(nameof(options.Interval), options.Interval, Shortest, Longest, fault);
        Time(nameof(options.UnhealthyInterval), options.UnhealthyInterval, Shortest, Longest, fault);
        Time(nameof(options.Timeout), options.Timeout, Tick, TimeSpan.FromHours(1), fault);
        AtLeast(nameof(options.UnhealthyThreshold), options.UnhealthyThreshold, 1, fault);
        AtLeast(nameof(options.HealthyThreshold), options.HealthyThreshold, 1, fault);
        AtLeast(nameof(options.MaxConcurrentProbes), options.MaxConcurrentProbes, 1, fault);
    }

    private static void ValidateOutliers(OutlierDetectionOptions options, Action<string, FormattableString> fault)
    {
        AtLeast(nameof(options.ConsecutiveFailures), options.ConsecutiveFailures, 1, fault);
        AtLeast(nameof(options.MinimumRequests), options.MinimumRequests, 1, fault);
        Share(nameof(options.MaxEjectionRatio), options.MaxEjectionRatio, fault);
        if (options.FailureRate is not (> 0 and <= 1))
        {
            fault(nameof(options.FailureRate), $"is {options.FailureRate}; expected above 0, up to 1.");
        }

        Time(nameof(options.Window), options.Window, Shortest, Longest, fault);
        Time(nameof(options.BaseEjectionTime), options.BaseEjectionTime, Shortest, Longest, fault);
        Time(nameof(options.UnansweredWait), options.UnansweredWait, Tick, Longest, fault);
        if (options.MaxEjectionTime < options.BaseEjectionTime)
        {
            fault(nameof(options.MaxEjectionTime), $"is {options.MaxEjectionTime}; expected at least BaseEjectionTime, {options.BaseEjectionTime}.");
        }
        else
        {
            Time(nameof(options.MaxEjectionTime), options.MaxEjectionTime, Shortest, Longest, fault);
        }
    }

    private static void ValidateFailover(FailoverOptions options, Action<string, FormattableString> fault)
    {
        if (options.MaxAttempts is < 1 or > MaxAttempts)
        {
            fault(nameof(options.MaxAttempts), $"is {options.MaxAttempts}; expected 1 to {MaxAttempts}.");
        }

        if (options.AttemptTimeout is { } attemptTimeout)
        {
            Time(nameof(options.AttemptTimeout), attemptTimeout, Tick, Longest, fault);
        }

        if (options.HedgingDelay is { } hedgingDelay)
        {
            Time(nameof(options.HedgingDelay), hedgingDelay, TimeSpan.Zero, Longest, fault);
        }

        if (!(options.RetryBudget >= 0 && double.IsFinite(options.RetryBudget)))
        {
            fault(nameof(options.RetryBudget), $"is {options.RetryBudget}; expected 0 or above.");
        }

        AtLeast(nameof(options.MinimumRetriesPerSecond), options.MinimumRetriesPerSecond, 0, fault);
    }

    private static Action<string, FormattableString> Within(string options, Action<string, FormattableString> fault) =>
        (setting, what) => fault($"{options}.{setting}", what);

    private static void Share(string setting, double value, Action<string, FormattableString> fault)
    {
        if (value is not (>= 0 and <= 1))
        {
            fault(setting, $"is {value}; expected 0 to 1.");
        }
    }

    private static void AtLeast(string setting, int value, int least, Action<string, FormattableString> fault)
    {
        if (value < least)
        {
            fault(setting, $"is {value}; expected {least} or more.");
        }
    }

    private static void Time(string setting, TimeSpan value, TimeSpan shortest, TimeSpan longest, Action<string, FormattableString> fault)
    {
        if (value < shortest || value > longest)
        {
            fault(setting, $"is {value}; expected {shortest} to {longest}.");
        }
    }
}
