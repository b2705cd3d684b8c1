using ClientSideLb.Benchmarks.Minimal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>Builds pipelines as an application does, each over the same stub and the same three endpoints.</summary>
internal sealed class Pipelines : IDisposable
{
    private const string Client = "api";
    private readonly ServiceProvider? _services;

    internal Pipelines(Pipeline pipeline, ResponseBody body)
    {
        if (pipeline == Pipeline.Bare)
        {
            Invoker = new HttpMessageInvoker(new StubHandler(body));
            return;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Endpoints()).Build());
        services.AddServiceDiscovery();
        var client = services.AddHttpClient(Client).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(() => new StubHandler(body));
        switch (pipeline)
        {
            case Pipeline.Balanced:
                client.AddLoadBalancing();
                break;
            case Pipeline.BalancedOptionsOff:
                client.AddLoadBalancing(static options =>
                {
                    options.OutlierDetection.Enabled = false;
                    options.Failover.Enabled = false;
                });
                break;
            case Pipeline.Minimal:
                client.AddHttpMessageHandler(static () => new MinimalHandler([.. Endpoints().Values.Select(static address => new Uri(address!))]));
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

    private static Dictionary<string, string?> Endpoints() => new()
    {
        ["Services:api:http:0"] = "http://10.0.0.1:8080",
        ["Services:api:http:1"] = "http://10.0.0.2:8080",
        ["Services:api:http:2"] = "http://10.0.0.3:8080",
    };
}
