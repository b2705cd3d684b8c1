using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

/// <summary>An endpoint's address looks the same wherever people read it: scheme, host, port and base path, without a slash at the end.</summary>
public sealed partial class AddressFormTests
{
    // The placeholders of log lines that are replaced by addresses of endpoints.
    private static readonly string[] Placeholders = ["{Endpoint}", "{Came}", "{Went}", "{Changes}"];

    [Theory]
    [InlineData("http://10.0.0.1", "http://10.0.0.1:80")]
    [InlineData("http://10.0.0.1/", "http://10.0.0.1:80")]
    [InlineData("https://API.example/", "https://api.example:443")]
    [InlineData("https://api.example:8443/v1/", "https://api.example:8443/v1")]
    [InlineData("wss://api.example/v1", "https://api.example:443/v1")]
    [InlineData("http://[fe80::1%25eth0]:8080/", "http://[fe80::1%eth0]:8080")]
    public void The_text_of_an_endpoint_is_that_form(string address, string shown) => Assert.Equal(shown, new ClusterEndpoint(new Uri(address)).ToString());

    [Fact]
    public async Task Every_log_line_with_an_endpoint_and_all_events_show_it_in_that_form()
    {
        List<FakeLogRecord> lines = [.. TellOfCluster(), .. await TellOfRequestsAsync(), .. await TellOfDiscoveryAsync(), .. TellOfReload()];

        // The reload of options has a line of the same placeholder, which names no endpoint.
        var events = typeof(ClusterLog).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .Where(static message => message is not null && Array.Exists(Placeholders, placeholder => message.Message.Contains(placeholder, StringComparison.Ordinal)))
            .Select(static message => message!.EventId)
            .Order()
            .ToList();
        Assert.Equal(events, lines.Select(static line => line.Id.Id).Where(events.Contains).Distinct().Order());
        Assert.All(lines.Where(line => line.Id.Id != 7 && events.Contains(line.Id.Id)), static line => AssertForm(line.Message, isExpected: true));
        Assert.All(lines, static line => AssertForm(line.Message, isExpected: false));
    }

    [Fact]
    public void No_log_event_takes_an_address_or_a_duration_in_another_form()
    {
        var parameters = typeof(ClusterLog).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            .Where(static method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .SelectMany(static method => method.GetParameters())
            .Select(static parameter => parameter.ParameterType)
            .ToHashSet();

        Assert.DoesNotContain(typeof(Uri), parameters);
        Assert.DoesNotContain(typeof(TimeSpan), parameters);
        Assert.Contains(typeof(string), parameters);
    }

    [Fact]
    public async Task Metrics_traces_and_messages_of_exceptions_show_it_in_that_form()
    {
        var told = new HashSet<string>();
        using var source = new ActivitySource("ClientSideLb.Tests.AddressForm");
        using var activities = new ActivityListener
        {
            ShouldListenTo = asked => asked == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(activities);
        await using var lab = new TelemetryLab(3, static options => options.Concurrency.MaxInFlightPerEndpoint = 1);
        lab.AnswerWith(HttpStatusCode.ServiceUnavailable);
        using var meters = Listen(lab, told);
        using (var activity = source.StartActivity("request")!)
        {
            await lab.GetAsync(4);
            told.UnionWith(activity.TagObjects.Where(static tag => tag.Key == "clientsidelb.endpoint").Select(static tag => (string)tag.Value!));
            told.UnionWith(activity.Events.SelectMany(static one => one.Tags).Where(static tag => tag.Key == "clientsidelb.endpoint").Select(static tag => (string)tag.Value!));
        }

        lab.Answer = static (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "");
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => lab.Http.GetAsync("/"));
        Assert.Contains(TelemetryLab.NameOf(0), failed.Message, StringComparison.Ordinal);
        foreach (var endpoint in lab.Cluster.Endpoints)
        {
            lab.Cluster.TryDrain(endpoint.Address);
        }

        var none = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => lab.Http.GetAsync("/"));
        meters.RecordObservableInstruments();

        Assert.All([failed.Message, none.Message], static message => AssertForm(message, isExpected: true));
        Assert.Equal(Enumerable.Range(0, 3).Select(TelemetryLab.NameOf), told.Order());
    }

    [Fact]
    public async Task Messages_of_a_full_cluster_show_it_in_that_form()
    {
        await using var lab = new TelemetryLab(2, static options => options.Concurrency.MaxInFlightPerEndpoint = 1);
        var open = new TaskCompletionSource<HttpResponseMessage>();
        lab.Answer = (_, _) => open.Task;
        var requests = Enumerable.Range(0, 2).Select(_ => lab.Http.GetAsync("/")).ToArray();

        var full = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => lab.Http.GetAsync("/"));

        Assert.Contains($"{TelemetryLab.NameOf(0)} (1 of 1)", full.Message, StringComparison.Ordinal);
        AssertForm(full.Message, isExpected: true);
        open.SetResult(new HttpResponseMessage());
        await Task.WhenAll(requests);
    }

    private static IEnumerable<FakeLogRecord> TellOfCluster()
    {
        var lab = ClusterLab.Probed(3, static options => options.Failover.MoveRejected = true);
        var history = new ClusterHistory(lab.Time);
        lab.Cluster.Subscribe(history);
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        lab.Cluster.TryResume(Backends.AddressOf(0));
        lab.Refuse(0, times: 5);
        lab.LetEjectionPass(0);
        lab.Advance(1);
        lab.Probe(0, passes: true);
        lab.Probe(1, passes: false, times: 2);
        lab.Probe(1, passes: true);
        lab.Reject(lab.SendTo(2), TimeSpan.FromSeconds(3));
        lab.Cluster.Update([.. ClusterLab.Described(0, 1).Select(static endpoint => endpoint with { Weight = 2 })]);

        var events = history.Read();
        Assert.Equal(
            [
                ClusterEventKind.EndpointsAltered, ClusterEventKind.EndpointsChanged, ClusterEventKind.SetAside, ClusterEventKind.Healthy,
                ClusterEventKind.Unhealthy, ClusterEventKind.Returned, ClusterEventKind.Ejected, ClusterEventKind.Resumed, ClusterEventKind.Drained,
            ],
            events.Select(static one => one.Kind));
        Assert.All(events, static one => AssertForm(one.Description, isExpected: true));
        return lab.Log.Collector.GetSnapshot();
    }

    private static async Task<IEnumerable<FakeLogRecord>> TellOfRequestsAsync()
    {
        await using var lab = new TelemetryLab(
            2,
            static options => options.ActiveHealthCheck.Enabled = true,
            static services => services.AddLogging(static logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace)));
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        var log = lab.Services.GetFakeLogCollector();
        await lab.GetAsync();
        await Eventually.TrueAsTimePasses(
            lab.Time, TimeSpan.FromMilliseconds(100), () => log.GetSnapshot().Any(static line => line.Id.Name == "ProbeFailed"), "a probe has failed");
        return log.GetSnapshot().Where(static line => line.Category == "ClientSideLb").ToList();
    }

    private static async Task<IEnumerable<FakeLogRecord>> TellOfDiscoveryAsync()
    {
        var discovery = new StubDiscovery("api") { Describe = static _ => new EndpointMetadata { Weight = -1 } };
        discovery.Find("http://10.0.0.1/", "http://user:password@10.0.0.2/base/?key=secret");
        var services = new ServiceCollection();
        services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(static () => new StubBackend()).AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        (await provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync("/")).Dispose();
        var lines = provider.GetFakeLogCollector().GetSnapshot().Where(static line => line.Category == "ClientSideLb").ToList();
        Assert.All(lines, static line => Assert.DoesNotMatch("password|secret", line.Message));
        return lines;
    }

    private static List<FakeLogRecord> TellOfReload()
    {
        var configuration = new ReloadableConfiguration(("Endpoints:0:Address", "http://10.0.0.1/"));
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddHttpClient("api").AddLoadBalancing(configuration.Root);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").Dispose();
        configuration.Replace(("Endpoints:0:Address", "http://10.0.0.1/"), ("Endpoints:0:Weight", "2"), ("Strategy", "Random"));
        return [.. provider.GetFakeLogCollector().GetSnapshot()];
    }

    private static MeterListener Listen(TelemetryLab lab, HashSet<string> told)
    {
        var scope = lab.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == scope && instrument.Meter.Name == "ClientSideLb")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Note(tags));
        listener.Start();
        return listener;

        void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, value) in tags)
            {
                if (name == "clientsidelb.endpoint")
                {
                    told.Add((string)value!);
                }
            }
        }
    }

    private static void AssertForm(string text, bool isExpected)
    {
        var addresses = Address().Matches(text).Select(static match => match.Value.TrimEnd('.', ',', ':', ';', ')', '\'')).ToList();
        Assert.True(addresses.Count > 0 || !isExpected, text);
        Assert.All(addresses, address => Assert.Matches(Form(), address));
    }

    [GeneratedRegex(@"(?<!\+)\bhttps?://\S+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^https?://[^/:]+:\d+(/[^/]+)*$")]
    private static partial Regex Form();
}
