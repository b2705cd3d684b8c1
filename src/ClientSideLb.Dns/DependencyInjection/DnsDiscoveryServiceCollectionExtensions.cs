using System.Diagnostics.Metrics;
using ClientSideLb;
using ClientSideLb.Dns.Configuration;
using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Providers;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;
using ClientSideLb.Dns.Watching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds DNS to service discovery.</summary>
public static class DnsDiscoveryServiceCollectionExtensions
{
    /// <summary>
    /// Finds the endpoints of services by DNS: all addresses (A and AAAA) of a name such as <c>api.example</c>, and the SRV records, with their
    /// ports, weights and priorities, of a name such as <c>_http._tcp.api.example</c>.
    /// </summary>
    /// <remarks>
    /// Names that configuration lists are left to configuration, and names that DNS does not know to the other providers. Calling it again
    /// configures the same options further. Options that are not valid stop the host when it starts.
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
        services.TryAddSingleton(CreateNames);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, DnsEndpointProviderFactory>(CreateFactory));
        return services;
    }

    /// <inheritdoc cref="AddDnsDiscovery(IServiceCollection)"/>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDnsDiscovery(this IServiceCollection services, Action<DnsDiscoveryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddDnsDiscovery().Configure(configure);
    }

    /// <summary>Finds the endpoints of services by DNS, with options from configuration. They are read once.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section whose keys are the properties of <see cref="DnsDiscoveryOptions"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddDnsDiscovery(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return services.AddDnsDiscovery(options => section.Bind(options));
    }

    private static WatchedNames CreateNames(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DnsDiscoveryOptions>>().Value;
        var observed = new WeakReference<IObservedNames>(null!);
        var metrics = new DnsDiscoveryMetrics(services.GetRequiredService<IMeterFactory>().Create(DnsDiscoveryMetrics.Meter), observed);
        var names = new WatchedNames(
            options,
            new DnsTransport(options, metrics),
            metrics,
            services.GetRequiredService<TimeProvider>(),
            GetThreadSafeRandom(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("ClientSideLb.Dns"));
        observed.SetTarget(names);
        return names;
    }

    private static DnsEndpointProviderFactory CreateFactory(IServiceProvider services)
    {
        var section = services.GetService<IConfiguration>()?
            .GetSection(services.GetRequiredService<IOptions<ConfigurationServiceEndpointProviderOptions>>().Value.SectionName);
        return new DnsEndpointProviderFactory(
            new DnsNameRules(services.GetRequiredService<IOptions<DnsDiscoveryOptions>>().Value),
            services.GetRequiredService<WatchedNames>(),
            service => section?.GetSection(service).Exists() == true);
    }

    // Production code takes its random numbers from here. All other code is given its source.
#pragma warning disable RS0030
    private static Random GetThreadSafeRandom() => Random.Shared;
#pragma warning restore RS0030
}
