using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ClientSideLb;
using ClientSideLb.Clients;
using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.DependencyInjection;
using ClientSideLb.Discovery;
using ClientSideLb.Failover;
using ClientSideLb.Health;
using ClientSideLb.Requests;
using ClientSideLb.Strategies;
using ClientSideLb.Telemetry;
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
    /// <summary>
    /// Adds a strategy of your own. A client uses it if <see cref="LoadBalancingOptions.Strategy"/> is the strategy's name.
    /// </summary>
    /// <typeparam name="TStrategy">The strategy. The container creates it as a singleton.</typeparam>
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

    /// <summary>Adds the services that all balanced clients share. Further calls change nothing.</summary>
    internal static IServiceCollection AddLoadBalancingCore(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddServiceDiscoveryCore();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, DefaultServiceEndpointProviderFactory>());
        if (!services.Any(static service => service.ImplementationType == typeof(QueryMarkerFactory)))
        {
            // It must be the first provider of each query.
            services.Insert(0, ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, QueryMarkerFactory>());
        }


        services
            .AddLoadBalancingStrategy<PowerOfTwoChoicesStrategy>()
            .AddLoadBalancingStrategy<RoundRobinStrategy>()
            .AddLoadBalancingStrategy<WeightedRoundRobinStrategy>()
            .AddLoadBalancingStrategy<RandomStrategy>()
            .AddLoadBalancingStrategy<LeastConnectionsStrategy>()
            .AddLoadBalancingStrategy<PeakEwmaStrategy>()
            .AddLoadBalancingStrategy<IpHashStrategy>()
            .AddLoadBalancingStrategy<ConsistentHashStrategy>()
            .AddLoadBalancingStrategy<MaglevStrategy>();

        services.TryAddSingleton<DiscoveryRecursion>();
        services.TryAddSingleton<StrategyCatalog>();
        services.TryAddSingleton<LoadBalancingOptionsReloader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LoadBalancingOptions>, LoadBalancingOptionsValidator>());
        services.TryAddSingleton(CreateRegistry);
        services.TryAddSingleton<IClusterRegistry>(static provider => provider.GetRequiredService<ClusterRegistry>());
        services.TryAddSingleton<SharedPrimaryHandlers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, BalancedPipelineFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LoadBalancingStartup>());
        return services;
    }

    private static ClusterRegistry CreateRegistry(IServiceProvider provider)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var random = GetThreadSafeRandom();
        var loggers = provider.GetRequiredService<ILoggerFactory>();
        var logger = new SafeLogger(loggers.CreateLogger("ClientSideLb"));
        var strategies = provider.GetRequiredService<StrategyCatalog>();
        var options = provider.GetRequiredService<LoadBalancingOptionsReloader>();
        var stopping = new CancellationTokenSource();
        var resolver = new ServiceDiscoveryResolver(provider);
        var meter = provider.GetRequiredService<IMeterFactory>().Create(TelemetryNames.Meter, TelemetryNames.Version);
        var created = new WeakReference<ClusterRegistry>(null!);
        var telemetry = new ClientTelemetry(new LoadBalancingMetrics(meter, GetClustersOf(created)), logger);
        var history = new ClusterHistory(time);
        var names = new ClientNames(provider.GetServices<LoadBalancedClientName>().Select(static client => client.Name));
        var services = new ClientServices(
            names,
            new ClusterFactory(time, random, telemetry, history, stopping.Token),
            new FeedFactory(resolver, provider.GetRequiredService<IOptions<ServiceDiscoveryOptions>>().Value, time, random, telemetry),
            provider.GetRequiredService<DiscoveryRecursion>(),
            name => new ProbeClient(name, provider, time),
            name => provider.GetRequiredService<IHttpClientFactory>().CreateClient(name).Dispose(),
            name => new FailoverPipeline(name, time, loggers),
            time,
            telemetry,
            stopping.Token);
        ClientSettings ReadSettings(string name) =>
            ClientSettings.Of(options.Create(name), strategies, time, provider.GetService<IAmbientClientIp>());
        var reload = new OptionsReload(options, provider.GetServices<BoundSection>(), ReadSettings, names, history, logger);
        var registry = new ClusterRegistry(services, reload, history, stopping, resolver);
        created.SetTarget(registry);
        return registry;
    }

    // Every meter of the process is in a static list until it is disposed. It must not keep alive a container that is dropped without that.
    private static Func<IEnumerable<Cluster>> GetClustersOf(WeakReference<ClusterRegistry> created) =>
        () => created.TryGetTarget(out var registry) ? registry.AllClusters : [];

    // Production code takes its random numbers from here. All other code is given its source.
#pragma warning disable RS0030
    private static Random GetThreadSafeRandom() => Random.Shared;
#pragma warning restore RS0030
}
