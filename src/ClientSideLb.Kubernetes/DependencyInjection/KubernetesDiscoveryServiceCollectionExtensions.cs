using ClientSideLb;
using ClientSideLb.Kubernetes.Configuration;
using ClientSideLb.Kubernetes.Discovery;
using ClientSideLb.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds discovery in Kubernetes to a container.</summary>
public static class KubernetesDiscoveryServiceCollectionExtensions
{
    /// <summary>
    /// Finds the endpoints of Kubernetes services for balanced clients, and for all others that use service discovery: each ready pod is one. It
    /// watches the EndpointSlices of the services that are asked for.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Names are <c>api</c> for a service in the application's own namespace, <c>api.shop</c>, <c>api.shop.svc</c> or
    /// <c>api.shop.svc.cluster.local</c>. Names that configuration lists are left to configuration, and names that Kubernetes does not know to the
    /// other providers. If several providers know a name, the one that is registered first answers.
    /// </para>
    /// <para>
    /// The application's service account needs the verbs <c>list</c> and <c>watch</c> on the resource <c>endpointslices</c> of the API group
    /// <c>discovery.k8s.io</c> in the namespaces of the services.
    /// </para>
    /// <para>
    /// If the application has registered a <c>KubernetesClientConfiguration</c> and <see cref="KubernetesDiscoveryOptions.ApiServer"/> is not set,
    /// the API server and the credentials are those of that configuration.
    /// </para>
    /// <para>Further calls configure the same options further. Options that are not valid stop the host when it starts.</para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddKubernetesDiscovery(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.AddLogging();
        services.AddServiceDiscoveryCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<KubernetesDiscoveryOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KubernetesDiscoveryOptions>, KubernetesDiscoveryOptionsValidator>());
        services.TryAddSingleton(static provider => new KubernetesDiscovery(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, KubernetesEndpointProviderFactory>(static provider => new KubernetesEndpointProviderFactory(
            provider.GetRequiredService<KubernetesDiscovery>(), new ConfiguredServices(provider), provider.GetRequiredService<IOptions<ServiceDiscoveryOptions>>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<LoadBalancingOptions>, OwnZoneOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOptionsChangeTokenSource<LoadBalancingOptions>, OwnZoneOptions>());
        return services;
    }

    /// <summary>Finds the endpoints of Kubernetes services, as <see cref="AddKubernetesDiscovery(IServiceCollection)"/> does, with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddKubernetesDiscovery(this IServiceCollection services, Action<KubernetesDiscoveryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddKubernetesDiscovery().Configure(configure);
    }

    /// <summary>Finds the endpoints of Kubernetes services, as <see cref="AddKubernetesDiscovery(IServiceCollection)"/> does, with options from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section whose keys are the properties of <see cref="KubernetesDiscoveryOptions"/>. It is read once.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddKubernetesDiscovery(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddKubernetesDiscovery(options => section.Bind(options));
    }
}
