using System.Net;

namespace ClientSideLb.Configuration;

/// <summary>Finds the faults in the options of health and failover.</summary>
internal static class HealthOptionsValidator
{
    private const int MaxAttempts = 10;

    // A timer cannot wait longer than 49 days. A day is long enough for all uses.
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly Version[] HttpVersions = [HttpVersion.Version10, HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version30];
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    internal static void Validate(LoadBalancingOptions options, Action<string, FormattableString> addFault)
    {
        CheckShare(nameof(options.PanicThreshold), options.PanicThreshold, addFault);
        CheckTime(nameof(options.SlowStart), options.SlowStart, TimeSpan.Zero, Longest, addFault);
        ValidateActive(options.ActiveHealthCheck, AddPrefix(nameof(options.ActiveHealthCheck), addFault));
        ValidateOutliers(options.OutlierDetection, AddPrefix(nameof(options.OutlierDetection), addFault));
        ValidateFailover(options.Failover, AddPrefix(nameof(options.Failover), addFault));
    }

    private static void ValidateActive(ActiveHealthCheckOptions options, Action<string, FormattableString> addFault)
    {
        if (!Enum.IsDefined(options.Kind))
        {
            addFault(nameof(options.Kind), $"is {(int)options.Kind}; expected {string.Join(", ", Enum.GetNames<HealthProbeKind>())}.");
        }

        if (options.Path is not ['/', ..])
        {
            addFault(nameof(options.Path), $"is '{options.Path}'; expected a path that starts with a slash.");
        }

        if (options.GrpcService is null || options.GrpcService.Any(char.IsWhiteSpace))
        {
            addFault(nameof(options.GrpcService), $"is '{options.GrpcService}'; expected the full name of a gRPC service, or an empty text for the whole server.");
        }

        if (string.IsNullOrEmpty(options.Method) || !options.Method.All(char.IsAsciiLetter))
        {
            addFault(nameof(options.Method), $"is '{options.Method}'; expected an HTTP method such as GET.");
        }

        if (options.Version is { } version && !HttpVersions.Contains(version))
        {
            addFault(nameof(options.Version), $"is {version}; expected {string.Join(", ", (object[])HttpVersions)}.");
        }

        if (options.VersionPolicy is { } policy && !Enum.IsDefined(policy))
        {
            addFault(nameof(options.VersionPolicy), $"is {(int)policy}; expected {string.Join(", ", Enum.GetNames<HttpVersionPolicy>())}.");
        }

        if (!StatusRanges.TryParse(options.ExpectedStatus, out _))
        {
            addFault(nameof(options.ExpectedStatus), $"is '{options.ExpectedStatus}'; expected statuses from 100 to 599 and ranges of them, such as '200,204,300-399'.");
        }

        CheckTime(nameof(options.Interval), options.Interval, Shortest, Longest, addFault);
        CheckTime(nameof(options.UnhealthyInterval), options.UnhealthyInterval, Shortest, Longest, addFault);
        CheckTime(nameof(options.Timeout), options.Timeout, Tick, TimeSpan.FromHours(1), addFault);
        CheckAtLeast(nameof(options.UnhealthyThreshold), options.UnhealthyThreshold, 1, addFault);
        CheckAtLeast(nameof(options.HealthyThreshold), options.HealthyThreshold, 1, addFault);
        CheckAtLeast(nameof(options.MaxConcurrentProbes), options.MaxConcurrentProbes, 1, addFault);
    }

    private static void ValidateOutliers(OutlierDetectionOptions options, Action<string, FormattableString> addFault)
    {
        CheckAtLeast(nameof(options.ConsecutiveFailures), options.ConsecutiveFailures, 1, addFault);
        CheckAtLeast(nameof(options.MinimumRequests), options.MinimumRequests, 1, addFault);
        CheckShare(nameof(options.MaxEjectionRatio), options.MaxEjectionRatio, addFault);
        if (options.FailureRate is not (> 0 and <= 1))
        {
            addFault(nameof(options.FailureRate), $"is {options.FailureRate}; expected above 0, up to 1.");
        }

        CheckTime(nameof(options.Window), options.Window, Shortest, Longest, addFault);
        CheckTime(nameof(options.BaseEjectionTime), options.BaseEjectionTime, Shortest, Longest, addFault);
        CheckTime(nameof(options.UnansweredWait), options.UnansweredWait, Tick, Longest, addFault);
        if (options.MaxEjectionTime < options.BaseEjectionTime)
        {
            addFault(nameof(options.MaxEjectionTime), $"is {options.MaxEjectionTime}; expected at least BaseEjectionTime, {options.BaseEjectionTime}.");
        }
        else
        {
            CheckTime(nameof(options.MaxEjectionTime), options.MaxEjectionTime, Shortest, Longest, addFault);
        }
    }

    private static void ValidateFailover(FailoverOptions options, Action<string, FormattableString> addFault)
    {
        if (options.MaxAttempts is < 1 or > MaxAttempts)
        {
            addFault(nameof(options.MaxAttempts), $"is {options.MaxAttempts}; expected 1 to {MaxAttempts}.");
        }

        if (options.AttemptTimeout is { } attemptTimeout)
        {
            CheckTime(nameof(options.AttemptTimeout), attemptTimeout, Tick, Longest, addFault);
        }

        if (options.HedgingDelay is { } hedgingDelay)
        {
            CheckTime(nameof(options.HedgingDelay), hedgingDelay, TimeSpan.Zero, Longest, addFault);
        }

        if (!(options.RetryBudget >= 0 && double.IsFinite(options.RetryBudget)))
        {
            addFault(nameof(options.RetryBudget), $"is {options.RetryBudget}; expected 0 or above.");
        }

        CheckAtLeast(nameof(options.MinimumRetriesPerSecond), options.MinimumRetriesPerSecond, 0, addFault);
    }

    private static Action<string, FormattableString> AddPrefix(string prefix, Action<string, FormattableString> addFault) =>
        (setting, message) => addFault($"{prefix}.{setting}", message);

    private static void CheckShare(string setting, double value, Action<string, FormattableString> addFault)
    {
        if (value is not (>= 0 and <= 1))
        {
            addFault(setting, $"is {value}; expected 0 to 1.");
        }
    }

    private static void CheckAtLeast(string setting, int value, int least, Action<string, FormattableString> addFault)
    {
        if (value < least)
        {
            addFault(setting, $"is {value}; expected {least} or more.");
        }
    }

    internal static void CheckTime(string setting, TimeSpan value, TimeSpan shortest, TimeSpan longest, Action<string, FormattableString> addFault)
    {
        if (value < shortest || value > longest)
        {
            addFault(setting, $"is {value}; expected {shortest} to {longest}.");
        }
    }
}
