using ClientSideLb.Clients;
using ClientSideLb.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.DependencyInjection;

/// <summary>Adds the balancer to the pipeline of a client, or of every client. A client without a base address gets one.</summary>
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

    // This runs after all other configuration, so that a base address that is set anywhere takes precedence and names the cluster of static
    // endpoints.
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (IsFor(name))
        {
            name ??= Options.DefaultName;
            options.HttpClientActions.Add(client =>
            {
                var registry = services.GetRequiredService<ClusterRegistry>();
                var balanced = registry.GetClient(name);
                balanced.Observe(client);

                // A generated name is not the name of a service. Without a base address, the request fails and says what is missing.
                if (balanced.Settings.IsStatic || !GeneratedName.Is(name))
                {
                    client.BaseAddress ??= DefaultBaseAddress.For(name);
                }
            });
        }
    }

    private void AddHandler(HttpMessageHandlerBuilder builder)
    {
        // A client that is set up by itself and together with all clients gets one balancer.
        if (!builder.AdditionalHandlers.OfType<LoadBalancingHandler>().Any())
        {
            var registry = services.GetRequiredService<ClusterRegistry>();
            builder.AdditionalHandlers.Add(new LoadBalancingHandler(registry.GetClient(builder.Name ?? Options.DefaultName)));
        }
    }

    private bool IsFor(string? name) => clientName is null || clientName == name;
}
