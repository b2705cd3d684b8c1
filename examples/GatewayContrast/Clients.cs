using ClientSideLb;

namespace GatewayContrast;

/// <summary>Both clients, set up as an application would: they differ in a few lines of configuration.</summary>
internal sealed class Clients : IDisposable
{
    private readonly ServiceProvider _services;

    internal Clients(IReadOnlyList<Uri> backends, Uri gateway)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("balanced").AddLoadBalancing(options =>
        {
            foreach (var backend in backends)
            {
                options.Endpoints.Add(new EndpointOptions { Address = backend });
            }
        });
        services.AddHttpClient("through-gateway", client => client.BaseAddress = gateway);
        _services = services.BuildServiceProvider();

        var clients = _services.GetRequiredService<IHttpClientFactory>();
        Balanced = clients.CreateClient("balanced");
        ThroughGateway = clients.CreateClient("through-gateway");
    }

    internal HttpClient Balanced { get; }

    internal HttpClient ThroughGateway { get; }

    public void Dispose() => _services.Dispose();
}
