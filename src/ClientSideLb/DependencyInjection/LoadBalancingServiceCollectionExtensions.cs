using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ClientSideLb;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds load balancing services to a container.</summary>
public static class LoadBalancingServiceCollectionExtensions
{
    /// <summary>Adds a strategy of your own, which a client then asks for by its name in <see cref="LoadBalancingOptions.Strategy"/>.</summary>
    /// <typeparam name="TStrategy">The strategy. It is a singleton, made by the container.</typeparam>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddLoadBalancingStrategy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStrategy>(
        this IServiceCollection services)
        where TStrategy : class, ILoadBalancingStrategy
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoadBalancingStrategy, TStrategy>());
        return services;
    }

    /// <summary>Adds what all balanced clients share. Adding it again changes nothing.</summary>
    internal static IServiceCollection AddLoadBalancingCore(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddServiceDiscoveryCore();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, DefaultServiceEndpointProviderFactory>());

        services
            .AddLoadBalancingStrategy<PowerOfTwoChoicesStrategy>()
            .AddLoadBalancingStrategy<RoundRobinStrategy>()
            .AddLoadBalancingStrategy<WeightedRoundRobinStrategy>()
            .AddLoadBalancingStrategy<RandomStrategy>()
            .AddLoadBalancingStrategy<LeastConnectionsStrategy>()
            .AddLoadBalancingStrategy<IpHashStrategy>()
            .AddLoadBalancingStrategy<ConsistentHashStrategy>();

        services.TryAddSingleton<StrategyCatalog>();
        services.TryAddSingleton<LoadBalancingOptionsReloader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LoadBalancingOptions>, LoadBalancingOptionsValidator>());
        services.TryAddSingleton(CreateRegistry);
        services.TryAddSingleton<IClusterRegistry>(static provider => provider.GetRequiredService<ClusterRegistry>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, BalancedPipelineFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LoadBalancingStartup>());
        return services;
    }

    private static ClusterRegistry CreateRegistry(IServiceProvider provider) => new(
        provider.GetRequiredService<StrategyCatalog>(),
        provider.GetRequiredService<LoadBalancingOptionsReloader>(),
        new ServiceDiscoveryResolver(provider),
        provider.GetRequiredService<IOptions<ServiceDiscoveryOptions>>().Value,
        provider.GetRequiredService<TimeProvider>(),
        ThreadSafeRandom(),
        provider.GetRequiredService<ILoggerFactory>(),
        provider.GetRequiredService<IMeterFactory>(),
        provider);

    // The one place where the randomness of production is chosen; everything else is given its source.
#pragma warning disable RS0030
    private static Random ThreadSafeRandom() => Random.Shared;
#pragma warning restore RS0030
}
