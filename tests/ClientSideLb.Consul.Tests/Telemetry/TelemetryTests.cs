using System.Diagnostics.Metrics;
using System.Reflection;
using ClientSideLb.Consul.Telemetry;
using ClientSideLb.Consul.Tests.Support;
using ClientSideLb.Shared;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Consul.Tests.Telemetry;

public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly TestConsul _consul = new();

    public ValueTask InitializeAsync() => new(_consul.StartAsync());

    [Fact]
    public async Task What_is_asked_answered_known_and_failed_is_counted()
    {
        _consul.Set("api", new Registration("a", "127.0.0.1", 1), new Registration("b", "127.0.0.1", 2));
        await using var app = new TestApp(_consul.Address, add: TestApp.KeepAddresses([]));
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        using var requests = new MetricCollector<long>(meters, "ClientSideLb.Consul", "clientsidelb.consul.requests");
        using var answers = new MetricCollector<long>(meters, "ClientSideLb.Consul", "clientsidelb.consul.answers");
        using var errors = new MetricCollector<long>(meters, "ClientSideLb.Consul", "clientsidelb.consul.errors");
        using var queries = new MetricCollector<long>(meters, "ClientSideLb.Consul", "clientsidelb.consul.queries");
        using var watches = new MetricCollector<int>(meters, "ClientSideLb.Consul", "clientsidelb.consul.watches");
        using var endpoints = new MetricCollector<int>(meters, "ClientSideLb.Consul", "clientsidelb.consul.endpoints");

        using var response = await app.Client.GetAsync(new Uri("http://api/"));
        await _consul.HoldsAsync(2);
        _consul.Touch();
        await _consul.HoldsAsync(3);
        _consul.Fault = static context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        _consul.Touch();
        await Eventually.TrueAsync(() => errors.GetMeasurementSnapshot().Count > 0, "the failure is counted");

        watches.RecordObservableInstruments();
        endpoints.RecordObservableInstruments();
        Assert.True(requests.GetMeasurementSnapshot().EvaluateAsCounter() >= 4);
        Assert.Equal(["changed", "unchanged", "unchanged"], answers.GetMeasurementSnapshot().Select(static one => one.Tags[DiscoveryMetrics.Outcome]));
        Assert.Equal("500", errors.GetMeasurementSnapshot()[0].Tags[DiscoveryMetrics.ErrorType]);
        Assert.Equal("answered", queries.GetMeasurementSnapshot()[0].Tags[DiscoveryMetrics.Outcome]);
        Assert.Equal(1, watches.LastMeasurement!.Value);
        Assert.Equal((2, "api"), (endpoints.LastMeasurement!.Value, endpoints.LastMeasurement.Tags[DiscoveryMetrics.Service]));
    }

    [Fact]
    public async Task The_README_lists_every_instrument_and_every_line_of_the_log()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFiles.PathOf("src", "ClientSideLb.Consul", "README.md"));
        string[] instruments =
            ["clientsidelb.consul.requests", "clientsidelb.consul.answers", "clientsidelb.consul.errors", "clientsidelb.consul.queries", "clientsidelb.consul.watches", "clientsidelb.consul.endpoints"];
        var lines = typeof(ConsulLog).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(static method => (method.Name, Attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static one => one.Attribute is not null)
            .Select(static one => $"| {one.Attribute!.EventId} | {one.Attribute.Level} | {one.Name} |")
            .ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(line, readme, StringComparison.Ordinal));
        Assert.All(instruments, name => Assert.Contains($"| `{name}` |", readme, StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _consul.DisposeAsync();
}
