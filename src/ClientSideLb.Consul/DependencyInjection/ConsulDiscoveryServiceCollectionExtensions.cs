using ClientSideLb;
using ClientSideLb.Consul.Configuration;
using ClientSideLb.Consul.Discovery;
using ClientSideLb.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds discovery in Consul to a container.</summary>
public static class ConsulDiscoveryServiceCollectionExtensions
{
    /// <summary>
    /// Finds the endpoints of services in Consul for balanced clients, and for all others that use service discovery: each instance is one, with
    /// its weight, its zone and the health that its checks report. Changes arrive by blocking queries, one for each service that is asked for.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Names are <c>api</c>, <c>_v2.api</c> for the instances with the tag <c>v2</c>, and <c>api.service.dc2.consul</c> for another datacenter. Names that
    /// configuration lists are left to configuration, and names that Consul does not know to the other providers. If several providers know a name, the one
    /// that is registered first answers.
    /// </para>
    /// <para>Further calls configure the same options further. Options that are not valid stop the host when it starts.</para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddConsulDiscovery(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.AddLogging();
        services.AddServiceDiscoveryCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ConsulDiscoveryOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConsulDiscoveryOptions>, ConsulDiscoveryOptionsValidator>(
            static _ => new ConsulDiscoveryOptionsValidator(Environment.GetEnvironmentVariable)));
        services.TryAddSingleton(static provider => new ConsulDiscovery(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, ConsulEndpointProviderFactory>(static provider => new ConsulEndpointProviderFactory(
            provider.GetRequiredService<ConsulDiscovery>(), new ConfiguredServices(provider))));
        return services;
    }

    /// <summary>Finds the endpoints of services in Consul, as <see cref="AddConsulDiscovery(IServiceCollection)"/> does, with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddConsulDiscovery(this IServiceCollection services, Action<ConsulDiscoveryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddConsulDiscovery().Configure(configure);
    }

    /// <summary>Finds the endpoints of services in Consul, as <see cref="AddConsulDiscovery(IServiceCollection)"/> does, with options from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section whose keys are the properties of <see cref="ConsulDiscoveryOptions"/>. It is read once.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddConsulDiscovery(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddConsulDiscovery(options => section.Bind(options));
    }
}
