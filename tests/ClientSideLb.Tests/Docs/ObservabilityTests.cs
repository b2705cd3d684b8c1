using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests.Docs;

/// <summary>The tables of docs/observability.md list everything that the code records, and nothing else.</summary>
public sealed partial class ObservabilityTests
{
    private const string Instruments = "| instrument |";
    private const string Attributes = "| attribute |";
    private const string Tags = "| tag |";
    private const string Events = "| event |";

    private readonly string[] _lines = File.ReadAllLines(Repository.PathOf("docs", "observability.md"));

    [Fact]
    public async Task The_page_lists_every_instrument_with_its_kind_and_unit()
    {
        var published = new List<string>();
        await using var lab = new TelemetryLab();
        var meters = lab.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == "ClientSideLb")
                {
                    published.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}");
                }
            },
        };

        listener.Start();

        Assert.Equal(published.Order(), Table(Instruments).Select(static row => $"{Code(row[0])} {row[1]} {Code(row[2])}").Order());
    }

    [Fact]
    public void The_page_lists_every_attribute_with_its_values()
    {
        var attributes = Table(Attributes).ToDictionary(static row => Code(row[0]), static row => row[1]);

        var used = Table(Instruments).SelectMany(static row => Codes(row[3])).Distinct().Order();
        Assert.Equal(used, attributes.Keys.Order());
        Assert.All(used, static name => Assert.Contains(name, Names()));
        AssertValues(attributes["clientsidelb.outcome"], "success", "failure", "cancelled", "rejected", "no_endpoint", "timeout", "empty");
        AssertValues(attributes["clientsidelb.failover.kind"], "retry", "hedge");
        AssertValues(attributes["clientsidelb.health"], [.. Enum.GetNames<EndpointHealth>().Select(SnakeCase)]);
        AssertValues(attributes["clientsidelb.ejection.reason"], [.. Enum.GetNames<EjectionReason>().Select(SnakeCase)]);
    }

    [Fact]
    public async Task The_page_lists_every_attribute_of_each_instrument()
    {
        var measured = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        using var elsewhere = new StubBackend();
        await using var lab = new TelemetryLab(
            2,
            static options =>
            {
                options.ActiveHealthCheck.Enabled = true;
                UseLevels(options);
                (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (1, 1);
            },
            services => services
                .AddSingleton<IServiceEndpointProviderFactory>(new StubDiscovery("broken") { Fault = new IOException() })
                .AddHttpClient("discovering").ConfigurePrimaryHttpMessageHandler(() => elsewhere).AddLoadBalancing());
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        var meters = lab.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == "ClientSideLb")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        // Requests move until one endpoint is ejected, a probe fails, the cluster changes, and observable instruments are read.
        await lab.GetAsync(10);
        await Eventually.TrueAsTimePasses(lab.Time, TimeSpan.FromMilliseconds(100), () => measured.TryGetValue("clientsidelb.probe.duration", out var attributes) && attributes.ContainsKey("error.type"), "a probe has failed");
        lab.Cluster.TryDrain(Backends.AddressOf(1));
        lab.Cluster.TryResume(Backends.AddressOf(1));
        var discovering = lab.Services.GetRequiredService<IHttpClientFactory>().CreateClient("discovering");
        (await discovering.GetAsync("http://unknown/")).Dispose();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => discovering.GetAsync("http://broken/"));

        // A request waits in vain.
        var open = new TaskCompletionSource<HttpResponseMessage>();
        lab.Answer = (_, _) => open.Task;
        var requests = Enumerable.Range(0, 3).Select(_ => lab.Http.GetAsync("/")).ToArray();
        await Eventually.TrueAsTimePasses(lab.Time, TimeSpan.FromMilliseconds(100), () => measured.ContainsKey("clientsidelb.queue.duration"), "a request has waited");
        listener.RecordObservableInstruments();

        Assert.Equal(
            measured.Select(static instrument => $"{instrument.Key}: {string.Join(", ", instrument.Value.Keys.Order())}").Order(),
            Table(Instruments)
                .Select(static row => $"{Code(row[0])}: {string.Join(", ", Codes(row[3]).Concat(["clientsidelb.client", "clientsidelb.service"]).Order())}")
                .Order());

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var attributes = measured.GetOrAdd(instrument.Name, static _ => new());
            foreach (var (name, _) in tags)
            {
                attributes[name] = true;
            }
        }
    }

    [Fact]
    public async Task The_page_lists_every_tag_and_event_of_an_activity()
    {
        using var source = new ActivitySource("ClientSideLb.Tests.Docs");
        using var listener = new ActivityListener
        {
            ShouldListenTo = asked => asked == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await using var lab = new TelemetryLab(2, UseLevels);
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        using var activity = source.StartActivity("request")!;

        await lab.GetAsync();

        Assert.Equal(activity.TagObjects.Select(static tag => tag.Key).Order(), Table(Tags).Select(static row => Code(row[0])).Order());
        var moved = Assert.Single(activity.Events);
        var told = Assert.Single(Table(Events));
        Assert.Equal(moved.Name, Code(told[0]));
        Assert.Equal(moved.Tags.Select(static tag => tag.Key).Order(), Codes(told[1]).Order());
    }

    [Fact]
    public void The_page_contains_every_telemetry_name_of_the_code()
    {
        var text = string.Join("\n", _lines);

        Assert.All(Names(), name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
        Assert.All(Table(Tags), static row => Assert.Contains(Code(row[0]), Names()));
    }

    private static void UseLevels(LoadBalancingOptions options)
    {
        options.Endpoints[0].Zone = options.Endpoints[1].Zone = "a";
        options.Endpoints[1].Priority = 1;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InCode();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordBreak();

    private static string SnakeCase(string name) => WordBreak().Replace(name, "_").ToLowerInvariant();

    private static IEnumerable<string> Names() => typeof(TelemetryNames)
        .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
        .Where(static field => field.IsLiteral)
        .Select(static field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> Codes(string cell) => InCode().Matches(cell).Select(static match => match.Groups[1].Value);

    private static string Code(string cell) => Assert.Single(Codes(cell));

    private static void AssertValues(string cell, params string[] values) => Assert.Equal(values.Order(), Codes(cell).Order());

    private List<string[]> Table(string header)
    {
        var rows = _lines
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }
}
