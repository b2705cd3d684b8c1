using System.Diagnostics.Metrics;
using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>A container with a balanced client of stubbed backends on virtual time, and its instruments.</summary>
internal sealed class TelemetryLab : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    internal TelemetryLab(
        int endpoints = 1, Action<LoadBalancingOptions>? configure = null, Action<IServiceCollection>? register = null, string client = "orders")
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        register?.Invoke(services);
        services
            .AddHttpClient(client, static http => http.BaseAddress = new Uri("http://api/"))
            .ConfigurePrimaryHttpMessageHandler(() => new Primary(this))
            .AddLoadBalancing(options =>
            {
                // The endpoints are picked in turn from the first one on, so a test knows where a request goes.
                options.Strategy = InTurnStrategy.StrategyName;
                options.AddEndpoints(Enumerable.Range(0, endpoints).Select(Backends.AddressOf));
                configure?.Invoke(options);
            });
        services.AddLoadBalancingStrategy<InTurnStrategy>();
        _services = services.BuildServiceProvider();
        Http = _services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
    }

    internal FakeTimeProvider Time { get; } = new();

    internal HttpClient Http { get; }

    internal IServiceProvider Services => _services;

    internal ICluster Cluster => Assert.Single(_services.GetRequiredService<IClusterRegistry>().Clusters);

    internal ClusterEndpoint this[int index] => Cluster.Endpoints.Single(endpoint => endpoint.Address == Backends.AddressOf(index));

    /// <summary>Gets or sets the answer of the backends.</summary>
    internal Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
        static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));

    /// <summary>Lets all backends answer with a status.</summary>
    internal void AnswerWith(HttpStatusCode status) => Answer = (_, _) => Task.FromResult(new HttpResponseMessage(status));

    /// <summary>Gives one backend an answer of its own.</summary>
    internal void AnswerAt(int index, Func<HttpResponseMessage> answer)
    {
        var others = Answer;
        Answer = (request, token) => request.RequestUri!.Host == Backends.AddressOf(index).Host ? Task.FromResult(answer()) : others(request, token);
    }

    internal async Task GetAsync(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await Http.GetAsync("orders/1");
        }
    }

    internal MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(_services.GetRequiredService<IMeterFactory>(), TelemetryNames.Meter, instrument, Time);

    /// <summary>Reads an observable instrument, and gets its measurements by the value of one attribute.</summary>
    internal Dictionary<string, int> Observe(string instrument, string key)
    {
        using var collector = Collect<int>(instrument);
        collector.RecordObservableInstruments();
        return collector.GetMeasurementSnapshot().ToDictionary(measurement => (string)measurement.Tags[key]!, static measurement => measurement.Value);
    }

    /// <summary>Gets the name of an endpoint in metrics.</summary>
    internal static string NameOf(int index) => Backends.AddressOf(index).GetLeftPart(UriPartial.Authority);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _services.DisposeAsync();
    }

    private sealed class Primary(TelemetryLab lab) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            SendAsync(request, cancellationToken).GetAwaiter().GetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await lab.Answer(request, cancellationToken);
            response.RequestMessage = request;
            return response;
        }
    }

    private sealed class InTurnStrategy : ILoadBalancingStrategy
    {
        internal const string StrategyName = "InTurn";

        public string Name => StrategyName;

        public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints.Available);

        private sealed class Picker(IReadOnlyList<ClusterEndpoint> endpoints) : EndpointPicker
        {
            private int _next;

            public override ClusterEndpoint? Pick(in PickContext context) => endpoints[_next++ % endpoints.Count];

            // It compares nothing, but has a value for each instrument.
            public override TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint, TimeSpan now) => endpoint.Latency;
        }
    }
}
