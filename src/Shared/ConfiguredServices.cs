using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Shared;

/// <summary>The services that configuration lists. Their names are left to it, in whatever order the providers are registered. Thread-safe.</summary>
internal sealed class ConfiguredServices(IServiceProvider services)
{
    private readonly IConfigurationSection? _section = services.GetService<IConfiguration>()?
        .GetSection(services.GetRequiredService<IOptions<ConfigurationServiceEndpointProviderOptions>>().Value.SectionName);

    internal bool Contains(string service) => _section?.GetSection(service).Exists() == true;
}
