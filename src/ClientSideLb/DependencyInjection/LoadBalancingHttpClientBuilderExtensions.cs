using ClientSideLb;
using ClientSideLb.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds client-side load balancing to an HTTP client.</summary>
public static class LoadBalancingHttpClientBuilderExtensions
{
    /// <summary>
    /// Balances the requests of this client over the endpoints of the service that their address names, found by service discovery.
    /// A client without a <see cref="HttpClient.BaseAddress"/> gets <c>https+http://</c> and its own name.
    /// </summary>
    /// <remarks>
    /// Handlers added before this one, such as <c>AddStandardResilienceHandler()</c>, see the logical address and go around the
    /// balancer: their retries are balanced anew. Handlers added after it see the endpoint's address. Calling it again
    /// configures the same balancer further.
    /// </remarks>
    /// <param name="builder">The client's builder, or that of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddLoadBalancing(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddLoadBalancingCore();

        // What is set for all clients is checked as that of the client without a name.
        services.AddSingleton(new LoadBalancedClientName(builder.Name ?? Options.Options.DefaultName));
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>>(provider => new LoadBalancedClientSetup(builder.Name, provider));
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(provider => new LoadBalancedClientSetup(builder.Name, provider));
        return builder;
    }

    /// <summary>Balances the requests of this client, as <see cref="AddLoadBalancing(IHttpClientBuilder)"/> does, with options set in code.</summary>
    /// <param name="builder">The client's builder, or that of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="configure">Sets the options. Faulty ones are refused when the host starts, or without a host when the client is created.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddLoadBalancing(this IHttpClientBuilder builder, Action<LoadBalancingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddLoadBalancing();
        builder.Services.AddSingleton<IConfigureOptions<LoadBalancingOptions>>(
            new ConfigureNamedOptions<LoadBalancingOptions>(builder.Name, configure));
        return builder;
    }

    /// <summary>
    /// Balances the requests of this client, as <see cref="AddLoadBalancing(IHttpClientBuilder)"/> does, with options from
    /// configuration. A change of it takes effect at once; a faulty one is logged and the options from before stay.
    /// </summary>
    /// <param name="builder">The client's builder, or that of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="section">The section whose keys are the properties of <see cref="LoadBalancingOptions"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddLoadBalancing(this IHttpClientBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.AddLoadBalancing(options => section.Bind(options));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoadBalancingOptions>>(
            new ConfigurationChangeTokenSource<LoadBalancingOptions>(builder.Name, section));
        return builder;
    }
}
