using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests;

/// <summary>What the log says after a reload of options.</summary>
public sealed class OptionChangesTests : IDisposable
{
    private static readonly (string, string) First = ("Endpoints:0:Address", "http://10.0.0.1");

    private static readonly (string Key, string Value) Limit = ("Concurrency:MaxInFlightPerEndpoint", "40");

    private static readonly (string Key, string Value) Queue = ("Concurrency:QueueLimit", "40");

    private readonly ReloadableConfiguration _configuration = new(First);
    private readonly StubBackend _backend = new();
    private ServiceProvider? _provider;

    // Two values for each option: how configuration writes them, and how the log shows them. Options of the same type have the same ones.
    private static readonly Dictionary<string, (string From, string To, string Line)> Values = new()
    {
        ["Strategy"] = ("Random", "RoundRobin", "Strategy from 'Random' to 'RoundRobin'"),
        ["HashKey"] = ("path", "header:X-Tenant", "HashKey from 'path' to 'header:X-Tenant'"),
        ["PanicThreshold"] = ("0.25", "0.5", "PanicThreshold from 0.25 to 0.5"),
        ["SlowStart"] = ("00:00:00", "00:01:30", "SlowStart from 0 s to 1.5 min"),
        ["HostHeader"] = ("Auto", "Service", "HostHeader from Auto to Service"),
        ["Zone"] = ("eu-1a", "eu-1b", "Zone from 'eu-1a' to 'eu-1b'"),
        ["OverprovisioningFactor"] = ("1.5", "2", "OverprovisioningFactor from 1.5 to 2"),
        ["UnknownServices"] = ("PassThrough", "Refuse", "UnknownServices from PassThrough to Refuse"),
        ["ConsistentHash:PointsPerWeight"] = ("100", "200", "ConsistentHash:PointsPerWeight from 100 to 200"),
        ["ConsistentHash:EnvoyCompatible"] = ("false", "true", "ConsistentHash:EnvoyCompatible from false to true"),
        ["ConsistentHash:MinRingSize"] = ("2048", "4096", "ConsistentHash:MinRingSize from 2048 to 4096"),
        ["ConsistentHash:MaxRingSize"] = ("1000000", "2000000", "ConsistentHash:MaxRingSize from 1000000 to 2000000"),
        ["ConsistentHash:LoadFactor"] = ("1.25", "1.5", "ConsistentHash:LoadFactor from 1.25 to 1.5"),
        ["Maglev:TableSize"] = ("65537", "5003", "Maglev:TableSize from 65537 to 5003"),
        ["Maglev:LoadFactor"] = ("1.25", "1.5", "Maglev:LoadFactor from 1.25 to 1.5"),
        ["PeakEwma:DecayTime"] = ("00:00:10", "00:00:05", "PeakEwma:DecayTime from 10 s to 5 s"),
        ["PeakEwma:DefaultLatency"] = ("00:00:00.1", "00:00:00.25", "PeakEwma:DefaultLatency from 100 ms to 250 ms"),
        ["PeakEwma:FailurePenalty"] = ("00:00:01", "00:00:02", "PeakEwma:FailurePenalty from 1 s to 2 s"),
        ["ActiveHealthCheck:Enabled"] = ("false", "true", "ActiveHealthCheck:Enabled from false to true"),
        ["ActiveHealthCheck:Kind"] = ("Http", "Tcp", "ActiveHealthCheck:Kind from Http to Tcp"),
        ["ActiveHealthCheck:Path"] = ("/health?key=secret", "/ready?key=secret", "ActiveHealthCheck:Path from '/health' to '/ready'"),
        ["ActiveHealthCheck:GrpcService"] = ("a", "b", "ActiveHealthCheck:GrpcService from 'a' to 'b'"),
        ["ActiveHealthCheck:Method"] = ("GET", "HEAD", "ActiveHealthCheck:Method from 'GET' to 'HEAD'"),
        ["ActiveHealthCheck:Version"] = ("1.1", "2.0", "ActiveHealthCheck:Version from 1.1 to 2.0"),
        ["ActiveHealthCheck:VersionPolicy"] = ("RequestVersionOrLower", "RequestVersionExact", "ActiveHealthCheck:VersionPolicy from RequestVersionOrLower to RequestVersionExact"),
        ["ActiveHealthCheck:ExpectedStatus"] = ("200", "200-299", "ActiveHealthCheck:ExpectedStatus from '200' to '200-299'"),
        ["ActiveHealthCheck:Interval"] = ("00:00:10", "00:00:20", "ActiveHealthCheck:Interval from 10 s to 20 s"),
        ["ActiveHealthCheck:UnhealthyInterval"] = ("00:00:02", "00:00:03", "ActiveHealthCheck:UnhealthyInterval from 2 s to 3 s"),
        ["ActiveHealthCheck:Timeout"] = ("00:00:02", "00:00:03", "ActiveHealthCheck:Timeout from 2 s to 3 s"),
        ["ActiveHealthCheck:UnhealthyThreshold"] = ("2", "3", "ActiveHealthCheck:UnhealthyThreshold from 2 to 3"),
        ["ActiveHealthCheck:HealthyThreshold"] = ("2", "3", "ActiveHealthCheck:HealthyThreshold from 2 to 3"),
        ["ActiveHealthCheck:MaxConcurrentProbes"] = ("2", "3", "ActiveHealthCheck:MaxConcurrentProbes from 2 to 3"),
        ["OutlierDetection:Enabled"] = ("true", "false", "OutlierDetection:Enabled from true to false"),
        ["OutlierDetection:ConsecutiveFailures"] = ("5", "6", "OutlierDetection:ConsecutiveFailures from 5 to 6"),
        ["OutlierDetection:FailureRate"] = ("0.5", "0.6", "OutlierDetection:FailureRate from 0.5 to 0.6"),
        ["OutlierDetection:MinimumRequests"] = ("5", "6", "OutlierDetection:MinimumRequests from 5 to 6"),
        ["OutlierDetection:Window"] = ("00:00:10", "00:00:20", "OutlierDetection:Window from 10 s to 20 s"),
        ["OutlierDetection:BaseEjectionTime"] = ("00:00:10", "00:00:20", "OutlierDetection:BaseEjectionTime from 10 s to 20 s"),
        ["OutlierDetection:MaxEjectionTime"] = ("00:05:00", "00:10:00", "OutlierDetection:MaxEjectionTime from 5 min to 10 min"),
        ["OutlierDetection:UnansweredWait"] = ("00:00:01", "00:00:02", "OutlierDetection:UnansweredWait from 1 s to 2 s"),
        ["OutlierDetection:MaxEjectionRatio"] = ("0.5", "0.25", "OutlierDetection:MaxEjectionRatio from 0.5 to 0.25"),
        ["Subset:Size"] = ("20", "30", "Subset:Size from 20 to 30"),
        ["Subset:ClientId"] = ("a", "b", "Subset:ClientId from 'a' to 'b'"),
        ["Concurrency:MaxInFlightPerEndpoint"] = ("20", "30", "Concurrency:MaxInFlightPerEndpoint from 20 to 30"),
        ["Concurrency:Adaptive"] = ("false", "true", "Concurrency:Adaptive from false to true"),
        ["Concurrency:QueueLimit"] = ("20", "30", "Concurrency:QueueLimit from 20 to 30"),
        ["Concurrency:QueueTimeout"] = ("00:00:01", "00:00:00.5", "Concurrency:QueueTimeout from 1 s to 500 ms"),
        ["Concurrency:WaitForOwner"] = ("false", "true", "Concurrency:WaitForOwner from false to true"),
        ["Failover:Enabled"] = ("true", "false", "Failover:Enabled from true to false"),
        ["Failover:MaxAttempts"] = ("3", "4", "Failover:MaxAttempts from 3 to 4"),
        ["Failover:AttemptTimeout"] = ("00:00:01", "00:00:02", "Failover:AttemptTimeout from 1 s to 2 s"),
        ["Failover:HedgingDelay"] = ("00:00:01", "00:00:02", "Failover:HedgingDelay from 1 s to 2 s"),
        ["Failover:RetryBudget"] = ("0.5", "0.25", "Failover:RetryBudget from 0.5 to 0.25"),
        ["Failover:MinimumRetriesPerSecond"] = ("5", "6", "Failover:MinimumRetriesPerSecond from 5 to 6"),
        ["Failover:MoveRejected"] = ("false", "true", "Failover:MoveRejected from false to true"),
    };

    public static TheoryData<string> Keys => [.. Values.Keys];

    public void Dispose()
    {
        _provider?.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void Every_option_but_the_endpoints_is_compared()
    {
        var keys = OptionKeys.Root.Values
            .Concat(OptionKeys.Root.Sections.Where(static section => !section.Value.IsList).SelectMany(static section => section.Value.Values.Select(key => $"{section.Key}:{key}")))
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Equal(keys, OptionChanges.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(keys, Values.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_reload_says_by_the_name_of_the_key_what_it_changes_from_and_to(string key)
    {
        var (from, to, line) = Values[key];
        Start(With(key, from));

        _configuration.Replace(With(key, to));

        var told = Assert.Single(Lines);
        Assert.Equal((LogLevel.Information, $"Client 'api': the load balancing options have changed: {line}."), (told.Level, told.Message));
    }

    [Fact]
    public void Several_changes_are_one_line()
    {
        Start(First, ("Strategy", "Random"));

        _configuration.Replace(First, ("Zone", "eu-1a"), ("Failover:MaxAttempts", "2"));

        Assert.Equal(
            "Client 'api': the load balancing options have changed: Strategy from 'Random' to 'PowerOfTwoChoices'; Zone from none to 'eu-1a'; Failover:MaxAttempts from 3 to 2.",
            Assert.Single(Lines).Message);
    }

    [Fact]
    public void A_reload_that_changes_nothing_says_nothing()
    {
        Start(First, ("Strategy", "RoundRobin"), ("ConnectionStrings:Other", "1"));

        _configuration.Replace(First, ("Strategy", "roundrobin"), ("Failover:MaxAttempts", "3"), ("ConnectionStrings:Other", "2"));

        Assert.DoesNotContain(_provider!.GetFakeLogCollector().GetSnapshot(), static line => line.Message.Contains("chang", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_in_the_query_of_the_probe_s_path_is_not_shown()
    {
        Start(First, ("ActiveHealthCheck:Path", "/health?key=secret"));

        _configuration.Replace(First, ("ActiveHealthCheck:Path", "/health?key=other"));

        Assert.EndsWith("changed: ActiveHealthCheck:Path (a part that is not shown).", Assert.Single(Lines).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reload_of_weights_names_the_endpoints_and_no_options()
    {
        Start(First, ("Endpoints:1:Address", "http://10.0.0.2/"), ("Endpoints:1:Zone", "a"));

        _configuration.Replace(
            First, ("Endpoints:0:Weight", "3"), ("Endpoints:1:Address", "http://10.0.0.2"), ("Endpoints:1:Zone", "b"), ("Endpoints:1:Priority", "1"));

        Assert.Empty(Lines);
        Assert.Equal(
            "Client 'api', service 'api': endpoints have changed: http://10.0.0.1:80: weight from 1 to 3; http://10.0.0.2:80: priority from 0 to 1, zone from a to b.",
            Assert.Single(_provider!.GetFakeLogCollector().GetSnapshot(), static line => line.Id.Id == 43).Message);
    }

    private IEnumerable<FakeLogRecord> Lines => _provider!.GetFakeLogCollector().GetSnapshot().Where(static line => line.Id.Id == 7);

    // Some options need a limit to be valid.
    private static (string Key, string Value)[] With(string key, string value) =>
        [First, .. new[] { Limit, Queue }.Where(needed => needed.Key != key), (key, value)];

    private void Start(params (string Key, string Value)[] settings)
    {
        _configuration.Replace(settings);
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(_configuration.Root);
        _provider = services.BuildServiceProvider();
        _provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").Dispose();
        Assert.Empty(Lines);
    }
}
