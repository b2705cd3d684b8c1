using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Kubernetes.Tests.Server;
using ClientSideLb.Shared;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Telemetry;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task What_is_asked_answered_and_refused_is_counted()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"), Pod("10.0.0.2", ready: false));
        server.Allows = static request => request.Space == "shop";
        await using var pod = new TestPod(server);
        _ = pod.Services.GetServices<Microsoft.Extensions.ServiceDiscovery.IServiceEndpointProviderFactory>().Count();
        var requests = pod.Collect("clientsidelb.kubernetes.requests");
        var events = pod.Collect("clientsidelb.kubernetes.events");
        var errors = pod.Collect("clientsidelb.kubernetes.errors");
        var queries = pod.Collect("clientsidelb.kubernetes.queries");

        await pod.AskAsync("http://api");
        await pod.AskAsync("http://nobody");
        await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync("http://api.billing.svc"));
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Count() == 2), "both watches are open");
        server.SetSlice("api-b", Pod("10.0.0.3"));
        server.DeleteSlice("api-b");
        await Eventually.TrueAsync(() => Task.FromResult(Values(events, KubernetesMetrics.EventType).SequenceEqual(["added", "deleted"])), "both events are counted");

        Assert.Equal(["answered", "failed", "unknown"], Values(queries, DiscoveryMetrics.Outcome).Distinct().Order());
        Assert.Equal(["list", "watch"], Values(requests, KubernetesMetrics.Operation).Distinct().Order());
        Assert.Contains("403", Values(errors, DiscoveryMetrics.ErrorType));
    }

    [Fact]
    public async Task Watched_services_and_their_endpoints_are_shown()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"), Pod("10.0.0.2", ready: false));
        await using var pod = new TestPod(server);
        await pod.AskAsync();
        var meters = pod.Services.GetRequiredService<IMeterFactory>();
        using var watches = new MetricCollector<int>(meters, KubernetesLog.Category, "clientsidelb.kubernetes.watches");
        using var endpoints = new MetricCollector<int>(meters, KubernetesLog.Category, "clientsidelb.kubernetes.endpoints");

        watches.RecordObservableInstruments();
        endpoints.RecordObservableInstruments();

        Assert.Equal(1, watches.LastMeasurement!.Value);
        Assert.Equal(2, endpoints.LastMeasurement!.Value);
        Assert.Equal("api.shop", endpoints.LastMeasurement.Tags[DiscoveryMetrics.Service]);
    }

    [Fact]
    public async Task The_readme_lists_every_instrument_and_every_event()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFiles.PathOf("src", "ClientSideLb.Kubernetes", "README.md"), TestContext.Current.CancellationToken);
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = new TestPod(server);
        var meters = pod.Services.GetRequiredService<IMeterFactory>();
        var published = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == KubernetesLog.Category)
                {
                    published.Add(instrument.Name);
                }
            },
        };
        listener.Start();
        _ = pod.Services.GetServices<Microsoft.Extensions.ServiceDiscovery.IServiceEndpointProviderFactory>().Count();
        var events = typeof(KubernetesLog).GetMethods(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)
            .Select(static method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), false).OfType<LoggerMessageAttribute>().FirstOrDefault())
            .OfType<LoggerMessageAttribute>()
            .Select(static attribute => $"{attribute.EventId}")
            .ToList();

        Assert.Equal(published.Order(), InstrumentRows().Matches(readme).Select(static match => match.Groups[1].Value).Order());
        Assert.Equal(events.Order(), EventRows().Matches(readme).Select(static match => match.Groups[1].Value).Order());
        Assert.NotEmpty(published);
        Assert.NotEmpty(events);
    }

    private static List<string> Values(MetricCollector<long> collector, string tag) =>
        [.. collector.GetMeasurementSnapshot().Select(one => (string)one.Tags[tag]!)];

    [GeneratedRegex("^\\| `(clientsidelb\\.kubernetes\\.[a-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRows();

    [GeneratedRegex("^\\| (4[0-9]{2}) \\|", RegexOptions.Multiline)]
    private static partial Regex EventRows();
}
