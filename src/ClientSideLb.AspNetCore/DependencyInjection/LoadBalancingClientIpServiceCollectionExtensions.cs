using ClientSideLb;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tells the load balancer on whose behalf a request is sent.</summary>
public static class LoadBalancingClientIpServiceCollectionExtensions
{
    /// <summary>
    /// Lets <see cref="LoadBalancingStrategies.IpHash"/>, and the hash key <c>client-ip</c>, use the address of who sent the HTTP request
    /// that is being served. An address that a request was given by <c>SetClientIp</c> comes before it.
    /// </summary>
    /// <remarks>
    /// It is the connection's remote address. Behind a proxy that is the proxy's, unless the application uses ASP.NET Core's forwarded
    /// headers middleware, which knows whom to trust; the balancer reads no header of the incoming request itself.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddLoadBalancingClientIp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHttpContextAccessor();
        services.TryAddSingleton<IAmbientClientIp, HttpContextClientIp>();
        return services;
    }
}
