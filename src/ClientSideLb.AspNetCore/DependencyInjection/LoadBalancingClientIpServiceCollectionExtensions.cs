using ClientSideLb;
using ClientSideLb.AspNetCore.ClientIp;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives the load balancer the address of the caller whose HTTP request is being served.</summary>
public static class LoadBalancingClientIpServiceCollectionExtensions
{
    /// <summary>
    /// Lets <see cref="LoadBalancingStrategies.IpHash"/>, and the hash key <c>client-ip</c>, use the address of the caller whose HTTP
    /// request is being served. An address that was set on a request with <c>SetClientIp</c> takes precedence.
    /// </summary>
    /// <remarks>
    /// The address is the connection's remote address. Behind a proxy, that is the proxy's address, unless the application uses
    /// ASP.NET Core's forwarded headers middleware, which knows which proxies to trust. The balancer itself reads no header of the
    /// incoming request.
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
