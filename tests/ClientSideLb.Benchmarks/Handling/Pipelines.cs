using ClientSideLb.Benchmarks.Minimal;
using ClientSideLb.Benchmarks.Picking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>Builds pipelines as an application does, each over the same stub and the same endpoints.</summary>
internal sealed class Pipelines : IDisposable
{
    private const string Client = "api";
    private readonly ServiceProvider? _services;

    /// <param name="pipeline">What requests go through.</param>
    /// <param name="body">What responses have for a body.</param>
    /// <param name="strategy">The strategy of this library at its defaults.</param>
    /// <param name="endpoints">How many endpoints there are.</param>
    internal Pipelines(Pipeline pipeline, ResponseBody body, string strategy = LoadBalancingStrategies.PowerOfTwoChoices, int endpoints = 3)
    {
        if (pipeline == Pipeline.Bare)
        {
            Invoker = new HttpMessageInvoker(new StubHandler(body));
            return;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Endpoints(endpoints)).Build());
        services.AddServiceDiscovery();
        var client = services.AddHttpClient(Client).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(() => new StubHandler(body));
        switch (pipeline)
        {
            case Pipeline.Balanced:
                client.AddLoadBalancing(options => options.Strategy = strategy);
                break;
            case Pipeline.BalancedWithLimits:
                client.AddLoadBalancing(options =>
                {
                    options.Strategy = strategy;
                    (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (100, 1000);
                });
                break;
            case Pipeline.BalancedOptionsOff:
                client.AddLoadBalancing(static options =>
                {
                    options.OutlierDetection.Enabled = false;
                    options.Failover.Enabled = false;
                });
                break;
            case Pipeline.Minimal:
                client.AddHttpMessageHandler(() => new MinimalHandler([.. Endpoints(endpoints).Values.Select(static address => new Uri(address!))]));
                break;
            case Pipeline.ServiceDiscovery:
                client.AddServiceDiscovery();
                break;
            case Pipeline.StandardResilience:
                client.AddStandardResilienceHandler();
                break;
        }

        _services = services.BuildServiceProvider();
        Invoker = new HttpMessageInvoker(_services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Client));
    }

    internal HttpMessageInvoker Invoker { get; }

    public void Dispose()
    {
        Invoker.Dispose();
        _services?.Dispose();
    }

    private static Dictionary<string, string?> Endpoints(int count) =>
        Enumerable.Range(0, count).ToDictionary(static i => $"Services:api:http:{i}", static i => (string?)Pickers.AddressOf(i).Uri.ToString());
}
