using ClientSideLb;
using ClientSideLb.Dns.Configuration;
using ClientSideLb.Dns.Discovery;
using ClientSideLb.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds discovery by DNS to a container.</summary>
public static class DnsDiscoveryServiceCollectionExtensions
{
    /// <summary>
    /// Finds the endpoints of services by DNS: all addresses (A and AAAA) of a name such as <c>api.example</c>, and the SRV records, with their
    /// ports, weights and priorities, of a name such as <c>_http._tcp.api.example</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Names that configuration lists are left to configuration, and names that DNS does not know to the other providers. If several providers know a name,
    /// the one that is registered first answers.
    /// </para>
    /// <para>Further calls configure the same options further. Options that are not valid stop the host when it starts.</para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddDnsDiscovery(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.AddLogging();
        services.AddServiceDiscoveryCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DnsDiscoveryOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DnsDiscoveryOptions>, DnsDiscoveryOptionsValidator>());
        services.TryAddSingleton(static provider => new DnsDiscovery(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, DnsEndpointProviderFactory>(static provider => new DnsEndpointProviderFactory(
            provider.GetRequiredService<DnsDiscovery>(), new ConfiguredServices(provider))));
        return services;
    }

    /// <summary>Finds the endpoints of services by DNS, as <see cref="AddDnsDiscovery(IServiceCollection)"/> does, with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDnsDiscovery(this IServiceCollection services, Action<DnsDiscoveryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddDnsDiscovery().Configure(configure);
    }

    /// <summary>Finds the endpoints of services by DNS, as <see cref="AddDnsDiscovery(IServiceCollection)"/> does, with options from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section whose keys are the properties of <see cref="DnsDiscoveryOptions"/>. It is read once.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDnsDiscovery(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddDnsDiscovery(options => section.Bind(options));
    }
}
