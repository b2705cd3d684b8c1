using ClientSideLb.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.DependencyInjection;

/// <summary>Puts the balancer into the pipeline of a client, or of every client, and gives it a base address where it has none.</summary>
/// <param name="clientName">The client, or <see langword="null"/> for every client.</param>
/// <param name="services">The container.</param>
internal sealed class LoadBalancedClientSetup(string? clientName, IServiceProvider services)
    : IConfigureNamedOptions<HttpClientFactoryOptions>, IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (IsFor(name))
        {
            options.HttpMessageHandlerBuilderActions.Add(AddHandler);
        }
    }

    // After every other configuration, so that a base address set anywhere wins, and names the cluster of static endpoints.
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (IsFor(name))
        {
            name ??= Options.DefaultName;
            options.HttpClientActions.Add(client =>
            {
                var registry = services.GetRequiredService<ClusterRegistry>();
                registry.GetClient(name).GetStaticCluster(client.BaseAddress);
                client.BaseAddress ??= DefaultBaseAddress.For(name);
            });
        }
    }

    private void AddHandler(HttpMessageHandlerBuilder builder)
    {
        // Set up twice, for one client and for all clients, it is still one balancer.
        if (!builder.AdditionalHandlers.OfType<LoadBalancingHandler>().Any())
        {
            var registry = services.GetRequiredService<ClusterRegistry>();
            builder.AdditionalHandlers.Add(new LoadBalancingHandler(registry.GetClient(builder.Name ?? Options.DefaultName)));
        }
    }

    private bool IsFor(string? name) => clientName is null || clientName == name;
}
