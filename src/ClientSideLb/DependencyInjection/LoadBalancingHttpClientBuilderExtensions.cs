using ClientSideLb;
using ClientSideLb.Configuration;
using ClientSideLb.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds client-side load balancing to an HTTP client.</summary>
public static class LoadBalancingHttpClientBuilderExtensions
{
    /// <summary>
    /// Balances the requests of this client over the endpoints of the service that their address names. Service discovery finds the
    /// endpoints.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A client without a <see cref="HttpClient.BaseAddress"/> gets <c>https+http://</c> followed by the client's name.
    /// </para>
    /// <para>
    /// Handlers that are added before this call, such as that of <c>AddStandardResilienceHandler()</c>, are outer handlers: they see the
    /// logical address, and the balancer picks an endpoint for each of their retries. Handlers that are added after it see the endpoint's
    /// address. Further calls configure the same balancer.
    /// </para>
    /// <para>
    /// On a client that has <c>AddServiceDiscovery()</c> as well, by itself or by the defaults for all clients, the balancer takes its place, in whatever order
    /// they were added. Other clients keep their service discovery.
    /// </para>
    /// </remarks>
    /// <param name="builder">The client's builder, or that of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddLoadBalancing(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddLoadBalancingCore();

        // The setup for all clients has no name. Its options are checked as those of the client with the default name.
        services.AddSingleton(new LoadBalancedClientName(builder.Name ?? Options.Options.DefaultName));
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>>(provider => new LoadBalancedClientSetup(builder.Name, provider));
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(provider => new LoadBalancedClientSetup(builder.Name, provider));
        return builder;
    }

    /// <summary>
    /// Balances the requests of this client, as <see cref="AddLoadBalancing(IHttpClientBuilder)"/> does, with options set in code.
    /// </summary>
    /// <param name="builder">The client's builder, or that of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="configure">
    /// Sets the options. Options that are not valid throw an <see cref="OptionsValidationException"/> when the host starts, or without a host
    /// when the client is created.
    /// </param>
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
    /// Balances the requests of this client, as <see cref="AddLoadBalancing(IHttpClientBuilder)"/> does, with options from configuration. A
    /// change of the configuration takes effect at once. If the changed options are not valid, that is logged, and the previous options stay
    /// in use.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A change never switches a client between static endpoints and service discovery: a client whose section is empty for a moment keeps its
    /// endpoints. A warning is logged. Restart the application to make the switch.
    /// </para>
    /// <para>Keys of the section that are not names of options are named in a warning, when the client is created and after each change.</para>
    /// </remarks>
    /// <param name="builder">The client's builder, or that of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="section">The section whose keys are the properties of <see cref="LoadBalancingOptions"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddLoadBalancing(this IHttpClientBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.AddLoadBalancing(options => section.Bind(options));
        builder.Services.AddSingleton(new BoundSection(builder.Name, section));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoadBalancingOptions>>(
            new ConfigurationChangeTokenSource<LoadBalancingOptions>(builder.Name, section));
        return builder;
    }
}
