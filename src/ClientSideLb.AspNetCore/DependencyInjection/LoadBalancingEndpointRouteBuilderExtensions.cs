using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ClientSideLb;
using ClientSideLb.AspNetCore.Page;
using ClientSideLb.AspNetCore.Status;
using ClientSideLb.AspNetCore.Traffic;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the live page of the load balancer to an application.</summary>
public static class LoadBalancingEndpointRouteBuilderExtensions
{
    /// <summary>Maps a read-only live page that shows every cluster and endpoint, and the same numbers as JSON.</summary>
    /// <remarks>
    /// Everyone who can reach the application can see the page. Call <c>RequireAuthorization()</c> on the returned builder, or set
    /// <see cref="LoadBalancingPageOptions.LocalPort"/> to a port that only operators can reach. <c>RequireHost()</c> does not protect the
    /// page, because the client chooses the <c>Host</c> header. Once the page is mapped, the process keeps a minute of numbers for each
    /// endpoint.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path of the page, such as <c>/load-balancing</c>.</param>
    /// <returns>A builder for conventions, such as authorization, that apply to the page and everything it loads.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The application has no balanced client.</exception>
    public static IEndpointConventionBuilder MapLoadBalancing(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern) =>
        endpoints.MapLoadBalancing(pattern, static _ => { });

    /// <summary>Maps the live page, as <see cref="MapLoadBalancing(IEndpointRouteBuilder, string)"/> does, with options.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path of the page, such as <c>/load-balancing</c>.</param>
    /// <param name="configure">Sets the options, such as whether the page may drain endpoints.</param>
    /// <returns>A builder for conventions, such as authorization, that apply to the page and everything it loads.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The application has no balanced client, or changes are allowed without <c>services.AddAntiforgery()</c>.
    /// </exception>
    public static IEndpointConventionBuilder MapLoadBalancing(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<LoadBalancingPageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new LoadBalancingPageOptions();
        configure(options);

        var page = CreatePage(endpoints.ServiceProvider, options);
        var group = endpoints.MapGroup(pattern);
        if (options.LocalPort is { } port)
        {
            ((IEndpointConventionBuilder)group).Finally(endpoint => endpoint.RequestDelegate = RequireLocalPort(port, endpoint.RequestDelegate!));
        }

        group.MapGet("", LoadBalancingPage.ServeHtmlAsync);
        group.MapGet("page.css", LoadBalancingPage.ServeCssAsync);
        group.MapGet("page.js", LoadBalancingPage.ServeScriptAsync);
        group.MapGet("clusters", page.ServeStatusAsync);
        group.MapGet("events", page.ServeEventsAsync);
        if (options.AllowChanges)
        {
            group.MapPost("drain", page.DrainAsync);
            group.MapPost("resume", page.ResumeAsync);
        }

        return group;
    }

    private static RequestDelegate RequireLocalPort(int port, RequestDelegate next) => context =>
    {
        if (context.Connection.LocalPort == port)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    private static LoadBalancingPage CreatePage(IServiceProvider services, LoadBalancingPageOptions options)
    {
        var registry = services.GetService<IClusterRegistry>() ?? throw new InvalidOperationException(
            "MapLoadBalancing() shows the clusters of balanced clients, but the application has no balanced client. Call services.AddHttpClient(...).AddLoadBalancing() first.");
        var antiforgery = options.AllowChanges
            ? services.GetService<IAntiforgery>() ?? throw new InvalidOperationException(
                "MapLoadBalancing() with AllowChanges needs antiforgery tokens, so that no other site can drain or resume endpoints. Call services.AddAntiforgery().")
            : null;

        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var time = services.GetRequiredService<TimeProvider>();
        var traffic = new TrafficMonitor(services.GetRequiredService<IMeterFactory>(), time);
        lifetime.ApplicationStopped.Register(traffic.Dispose);
        return new LoadBalancingPage(registry, new StatusReader(registry, traffic, time), antiforgery, time, lifetime.ApplicationStopping);
    }
}
