using System.Diagnostics.Metrics;
using ClientSideLb.Clients;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.DependencyInjection;

/// <summary>Checks and completes the handler pipeline of each client after all other configuration, whatever its order.</summary>
internal sealed class BalancedPipelineFilter(SharedPrimaryHandlers shared) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.AdditionalHandlers.OfType<LoadBalancingHandler>().FirstOrDefault() is { } balancer)
        {
            Configure(builder, balancer);
        }
        else if (AutoRedirect.IsReplaced(builder.PrimaryHandler))
        {
            // This client is not balanced, but shares its primary handler with one that is. It must follow redirects as before.
            builder.PrimaryHandler = AutoRedirect.Replace(builder.PrimaryHandler);
        }
    };

    private void Configure(HttpMessageHandlerBuilder builder, LoadBalancingHandler balancer)
    {
        if (RemoveServiceDiscovery(builder.AdditionalHandlers))
        {
            balancer.Client.Pipeline.DiscoveryReplaced();
        }

        if (InnerResilience.Find(builder.AdditionalHandlers.Skip(builder.AdditionalHandlers.IndexOf(balancer) + 1)) is { } handler)
        {
            balancer.Client.Pipeline.ResilienceInside(handler);
        }

        // The request needs a list of tried endpoints only if outer handlers may retry or copy it.
        if (builder.AdditionalHandlers[0] is not LoadBalancingHandler)
        {
            builder.AdditionalHandlers.Insert(0, new TriedEndpointsHandler());
        }

        SetMeterFactory(builder.PrimaryHandler, builder.Services.GetRequiredService<IMeterFactory>());
        if (shared.IsShared(builder.Name ?? Options.DefaultName, builder.PrimaryHandler))
        {
            builder.PrimaryHandler = AutoRedirect.KeepShared(builder.PrimaryHandler);
            return;
        }

        // If a gRPC client finds a SocketsHttpHandler at the end of the pipeline, it connects to the logical name by itself. This property
        // prevents that.
        if (builder.PrimaryHandler is SocketsHttpHandler sockets)
        {
            sockets.Properties["__GrpcLoadBalancingDisabled"] = true;
        }

        balancer.Primary = builder.PrimaryHandler;
        builder.PrimaryHandler = AutoRedirect.Replace(builder.PrimaryHandler);
    }

    // Both handlers rewrite the request's address to that of an endpoint. The second one would take that endpoint for a service. The defaults of an
    // application may add service discovery to every client, so a client that is balanced as well is no mistake.
    private static bool RemoveServiceDiscovery(IList<DelegatingHandler> handlers)
    {
        var resolving = handlers.Where(ServiceDiscoveryInternals.IsResolvingHandler).ToList();
        foreach (var handler in resolving)
        {
            handlers.Remove(handler);
            handler.Dispose();
        }

        return resolving.Count > 0;
    }

    // The factory does the same for primary handlers that are not wrapped. If it finds a shared handler later that has no meter factory and has sent a
    // request, it fails.
    private static void SetMeterFactory(HttpMessageHandler primary, IMeterFactory meters)
    {
        try
        {
            switch (primary)
            {
                case SocketsHttpHandler sockets:
                    sockets.MeterFactory ??= meters;
                    break;
                case HttpClientHandler handler:
                    handler.MeterFactory ??= meters;
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            // The handler has sent a request, so its properties cannot be changed any more.
        }
    }
}
