using System.Net;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Tests;

public sealed class HealthOptionsValidatorTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan TenMilliseconds = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static TheoryData<string, Action<LoadBalancingOptions>> AtTheBounds => new()
    {
        { "PanicThreshold 0", static o => o.PanicThreshold = 0 },
        { "PanicThreshold 1", static o => o.PanicThreshold = 1 },
        { "SlowStart 0", static o => o.SlowStart = TimeSpan.Zero },
        { "SlowStart a day", static o => o.SlowStart = Day },
        { "Kind Grpc", static o => o.ActiveHealthCheck.Kind = HealthProbeKind.Grpc },
        { "GrpcService", static o => o.ActiveHealthCheck.GrpcService = "shop.v1.Orders" },
        { "Kind Tcp", static o => o.ActiveHealthCheck.Kind = HealthProbeKind.Tcp },
        { "Path /", static o => o.ActiveHealthCheck.Path = "/" },
        { "Path with a query", static o => o.ActiveHealthCheck.Path = "/ready?deep=1" },
        { "Method HEAD", static o => o.ActiveHealthCheck.Method = "HEAD" },
        { "Version 1.0", static o => o.ActiveHealthCheck.Version = HttpVersion.Version10 },
        { "Version 3.0", static o => o.ActiveHealthCheck.Version = HttpVersion.Version30 },
        { "VersionPolicy exact", static o => o.ActiveHealthCheck.VersionPolicy = HttpVersionPolicy.RequestVersionExact },
        { "ExpectedStatus a list", static o => o.ActiveHealthCheck.ExpectedStatus = "200,204,300-399" },
        { "Interval 10 ms", static o => o.ActiveHealthCheck.Interval = TenMilliseconds },
        { "Interval a day", static o => o.ActiveHealthCheck.Interval = Day },
        { "UnhealthyInterval 10 ms", static o => o.ActiveHealthCheck.UnhealthyInterval = TenMilliseconds },
        { "UnhealthyInterval a day", static o => o.ActiveHealthCheck.UnhealthyInterval = Day },
        { "Timeout 1 ms", static o => o.ActiveHealthCheck.Timeout = TimeSpan.FromMilliseconds(1) },
        { "Timeout an hour", static o => o.ActiveHealthCheck.Timeout = TimeSpan.FromHours(1) },
        { "UnhealthyThreshold 1", static o => o.ActiveHealthCheck.UnhealthyThreshold = 1 },
        { "HealthyThreshold 1", static o => o.ActiveHealthCheck.HealthyThreshold = 1 },
        { "MaxConcurrentProbes 1", static o => o.ActiveHealthCheck.MaxConcurrentProbes = 1 },
        { "ConsecutiveFailures 1", static o => o.OutlierDetection.ConsecutiveFailures = 1 },
        { "FailureRate little", static o => o.OutlierDetection.FailureRate = 0.001 },
        { "FailureRate 1", static o => o.OutlierDetection.FailureRate = 1 },
        { "MinimumRequests 1", static o => o.OutlierDetection.MinimumRequests = 1 },
        { "Window 10 ms", static o => o.OutlierDetection.Window = TenMilliseconds },
        { "Window a day", static o => o.OutlierDetection.Window = Day },
        { "BaseEjectionTime 10 ms", static o => o.OutlierDetection.BaseEjectionTime = TenMilliseconds },
        { "BaseEjectionTime a day", static o => (o.OutlierDetection.BaseEjectionTime, o.OutlierDetection.MaxEjectionTime) = (Day, Day) },
        { "MaxEjectionTime as the base", static o => o.OutlierDetection.MaxEjectionTime = o.OutlierDetection.BaseEjectionTime },
        { "UnansweredWait 1 ms", static o => o.OutlierDetection.UnansweredWait = TimeSpan.FromMilliseconds(1) },
        { "UnansweredWait a day", static o => o.OutlierDetection.UnansweredWait = Day },
        { "MaxEjectionRatio 0", static o => o.OutlierDetection.MaxEjectionRatio = 0 },
        { "MaxEjectionRatio 1", static o => o.OutlierDetection.MaxEjectionRatio = 1 },
        { "MaxAttempts 1", static o => o.Failover.MaxAttempts = 1 },
        { "MaxAttempts 10", static o => o.Failover.MaxAttempts = 10 },
        { "AttemptTimeout 1 ms", static o => o.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(1) },
        { "AttemptTimeout a day", static o => o.Failover.AttemptTimeout = Day },
        { "HedgingDelay 0", static o => o.Failover.HedgingDelay = TimeSpan.Zero },
        { "HedgingDelay a day", static o => o.Failover.HedgingDelay = Day },
        { "RetryBudget 0", static o => o.Failover.RetryBudget = 0 },
        { "RetryBudget 5", static o => o.Failover.RetryBudget = 5 },
        { "MinimumRetriesPerSecond 0", static o => o.Failover.MinimumRetriesPerSecond = 0 },
    };

    public static TheoryData<string, string, Action<LoadBalancingOptions>> PastTheBounds => new()
    {
        { "PanicThreshold", "-0.1", static o => o.PanicThreshold = -0.1 },
        { "PanicThreshold", "1.1", static o => o.PanicThreshold = 1.1 },
        { "PanicThreshold", "NaN", static o => o.PanicThreshold = double.NaN },
        { "SlowStart", "-00:00:00.0000001", static o => o.SlowStart = -Tick },
        { "SlowStart", "1.00:00:00.0000001", static o => o.SlowStart = Day + Tick },
        { "ActiveHealthCheck.GrpcService", "'shop v1'", static o => o.ActiveHealthCheck.GrpcService = "shop v1" },
        { "ActiveHealthCheck.Kind", "7", static o => o.ActiveHealthCheck.Kind = (HealthProbeKind)7 },
        { "ActiveHealthCheck.Path", "'health'", static o => o.ActiveHealthCheck.Path = "health" },
        { "ActiveHealthCheck.Path", "''", static o => o.ActiveHealthCheck.Path = "" },
        { "ActiveHealthCheck.Path", "''", static o => o.ActiveHealthCheck.Path = null! },
        { "ActiveHealthCheck.Method", "''", static o => o.ActiveHealthCheck.Method = "" },
        { "ActiveHealthCheck.Method", "'G T'", static o => o.ActiveHealthCheck.Method = "G T" },
        { "ActiveHealthCheck.Version", "2.1", static o => o.ActiveHealthCheck.Version = new Version(2, 1) },
        { "ActiveHealthCheck.Version", "2.0.0", static o => o.ActiveHealthCheck.Version = new Version(2, 0, 0) },
        { "ActiveHealthCheck.VersionPolicy", "7", static o => o.ActiveHealthCheck.VersionPolicy = (HttpVersionPolicy)7 },
        { "ActiveHealthCheck.ExpectedStatus", "'2xx'", static o => o.ActiveHealthCheck.ExpectedStatus = "2xx" },
        { "ActiveHealthCheck.ExpectedStatus", "''", static o => o.ActiveHealthCheck.ExpectedStatus = null! },
        { "ActiveHealthCheck.Interval", "00:00:00.0099999", static o => o.ActiveHealthCheck.Interval = TenMilliseconds - Tick },
        { "ActiveHealthCheck.Interval", "1.00:00:00.0000001", static o => o.ActiveHealthCheck.Interval = Day + Tick },
        { "ActiveHealthCheck.UnhealthyInterval", "00:00:00", static o => o.ActiveHealthCheck.UnhealthyInterval = TimeSpan.Zero },
        { "ActiveHealthCheck.UnhealthyInterval", "1.00:00:00.0000001", static o => o.ActiveHealthCheck.UnhealthyInterval = Day + Tick },
        { "ActiveHealthCheck.Timeout", "00:00:00", static o => o.ActiveHealthCheck.Timeout = TimeSpan.Zero },
        { "ActiveHealthCheck.Timeout", "01:00:00.0000001", static o => o.ActiveHealthCheck.Timeout = TimeSpan.FromHours(1) + Tick },
        { "ActiveHealthCheck.UnhealthyThreshold", "0", static o => o.ActiveHealthCheck.UnhealthyThreshold = 0 },
        { "ActiveHealthCheck.HealthyThreshold", "0", static o => o.ActiveHealthCheck.HealthyThreshold = 0 },
        { "ActiveHealthCheck.MaxConcurrentProbes", "0", static o => o.ActiveHealthCheck.MaxConcurrentProbes = 0 },
        { "OutlierDetection.ConsecutiveFailures", "0", static o => o.OutlierDetection.ConsecutiveFailures = 0 },
        { "OutlierDetection.FailureRate", "0", static o => o.OutlierDetection.FailureRate = 0 },
        { "OutlierDetection.FailureRate", "1.01", static o => o.OutlierDetection.FailureRate = 1.01 },
        { "OutlierDetection.FailureRate", "NaN", static o => o.OutlierDetection.FailureRate = double.NaN },
        { "OutlierDetection.MinimumRequests", "0", static o => o.OutlierDetection.MinimumRequests = 0 },
        { "OutlierDetection.Window", "00:00:00.0099999", static o => o.OutlierDetection.Window = TenMilliseconds - Tick },
        { "OutlierDetection.Window", "1.00:00:00.0000001", static o => o.OutlierDetection.Window = Day + Tick },
        { "OutlierDetection.BaseEjectionTime", "00:00:00", static o => o.OutlierDetection.BaseEjectionTime = TimeSpan.Zero },
        { "OutlierDetection.MaxEjectionTime", "00:00:09.9999999", static o => o.OutlierDetection.MaxEjectionTime = TimeSpan.FromSeconds(10) - Tick },
        { "OutlierDetection.MaxEjectionTime", "1.00:00:00.0000001", static o => o.OutlierDetection.MaxEjectionTime = Day + Tick },
        { "OutlierDetection.UnansweredWait", "00:00:00", static o => o.OutlierDetection.UnansweredWait = TimeSpan.Zero },
        { "OutlierDetection.MaxEjectionRatio", "-0.1", static o => o.OutlierDetection.MaxEjectionRatio = -0.1 },
        { "OutlierDetection.MaxEjectionRatio", "1.1", static o => o.OutlierDetection.MaxEjectionRatio = 1.1 },
        { "Failover.MaxAttempts", "0", static o => o.Failover.MaxAttempts = 0 },
        { "Failover.MaxAttempts", "11", static o => o.Failover.MaxAttempts = 11 },
        { "Failover.AttemptTimeout", "00:00:00", static o => o.Failover.AttemptTimeout = TimeSpan.Zero },
        { "Failover.AttemptTimeout", "-00:00:00.0010000", static o => o.Failover.AttemptTimeout = Timeout.InfiniteTimeSpan },
        { "Failover.AttemptTimeout", "1.00:00:00.0000001", static o => o.Failover.AttemptTimeout = Day + Tick },
        { "Failover.HedgingDelay", "-00:00:00.0000001", static o => o.Failover.HedgingDelay = -Tick },
        { "Failover.HedgingDelay", "1.00:00:00.0000001", static o => o.Failover.HedgingDelay = Day + Tick },
        { "Failover.RetryBudget", "-1", static o => o.Failover.RetryBudget = -1 },
        { "Failover.RetryBudget", "NaN", static o => o.Failover.RetryBudget = double.NaN },
        { "Failover.RetryBudget", "Infinity", static o => o.Failover.RetryBudget = double.PositiveInfinity },
        { "Failover.MinimumRetriesPerSecond", "-1", static o => o.Failover.MinimumRetriesPerSecond = -1 },
    };

    [Fact]
    public void The_defaults_are_valid() => Assert.True(Validate(static _ => { }).Succeeded);

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var options = new LoadBalancingOptions();

        Assert.Equal((0, TimeSpan.Zero, null), (options.PanicThreshold, options.SlowStart, options.IsFailure));
        var active = options.ActiveHealthCheck;
        Assert.Equal((false, HealthProbeKind.Http, "/health", "GET", "200-299"), (active.Enabled, active.Kind, active.Path, active.Method, active.ExpectedStatus));
        Assert.Equal([10, 2, 2], Seconds(active.Interval, active.UnhealthyInterval, active.Timeout));
        Assert.Equal((2, 1, 16), (active.UnhealthyThreshold, active.HealthyThreshold, active.MaxConcurrentProbes));
        Assert.Equal((null, null, null), (active.BodyPredicate, active.Version, active.VersionPolicy));
        Assert.Null(active.ToSettings(HostHeaderMode.Auto).OwnProbe);
        var outliers = options.OutlierDetection;
        Assert.Equal((true, 5, 0.5, 20, 0.5), (outliers.Enabled, outliers.ConsecutiveFailures, outliers.FailureRate, outliers.MinimumRequests, outliers.MaxEjectionRatio));
        Assert.Equal([10, 10, 300, 1], Seconds(outliers.Window, outliers.BaseEjectionTime, outliers.MaxEjectionTime, outliers.UnansweredWait));
        var failover = options.Failover;
        Assert.Equal((true, 3, null, null, 0.2, 10), (failover.Enabled, failover.MaxAttempts, failover.AttemptTimeout, failover.HedgingDelay, failover.RetryBudget, failover.MinimumRetriesPerSecond));
        Assert.False(failover.MoveRejected);
    }

    [Theory]
    [MemberData(nameof(AtTheBounds))]
    public void A_value_at_its_bound_is_valid(string what, Action<LoadBalancingOptions> configure)
    {
        var result = Validate(configure);

        Assert.True(result.Succeeded, $"{what}: {result.FailureMessage}");
    }

    [Theory]
    [MemberData(nameof(PastTheBounds))]
    public void A_value_past_its_bound_is_named_with_its_setting(string setting, string value, Action<LoadBalancingOptions> configure)
    {
        var fault = Assert.Single(Validate(configure).Failures!);

        Assert.StartsWith($"Load balancing of client 'api': {setting} is {value}; expected ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var result = Validate(static options =>
        {
            options.PanicThreshold = 2;
            options.SlowStart = -Day;
            options.ActiveHealthCheck.Path = "x";
            options.ActiveHealthCheck.Interval = TimeSpan.Zero;
            options.ActiveHealthCheck.HealthyThreshold = 0;
            options.OutlierDetection.ConsecutiveFailures = 0;
            options.OutlierDetection.Window = TimeSpan.Zero;
            options.OutlierDetection.FailureRate = 3;
            options.Failover.MaxAttempts = 100;
            options.Failover.RetryBudget = -1;
            options.Failover.HedgingDelay = -Day;
            options.HashKey = "nonsense";
        });

        Assert.Equal(12, result.Failures!.Count());
    }

    [Fact]
    public void Settings_of_a_feature_that_is_switched_off_are_validated_too() =>
        Assert.True(Validate(static options =>
        {
            options.Failover.Enabled = false;
            options.Failover.MaxAttempts = 0;
        }).Failed);

    [Fact]
    public void A_custom_probe_that_is_null_is_refused() =>
        Assert.Throws<ArgumentNullException>(static () => new ActiveHealthCheckOptions().UseProbe(null!));

    private static double[] Seconds(params TimeSpan[] times) => [.. times.Select(static time => time.TotalSeconds)];

    private static ValidateOptionsResult Validate(Action<LoadBalancingOptions> configure)
    {
        var options = new LoadBalancingOptions();
        configure(options);
        return new LoadBalancingOptionsValidator(new StrategyCatalog([new PowerOfTwoChoicesStrategy()])).Validate("api", options);
    }
}
