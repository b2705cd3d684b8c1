using ClientSideLb.Clients;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;
using Microsoft.Extensions.Http;

namespace ClientSideLb.DependencyInjection;

/// <summary>Checks and completes the handler pipeline of each client after all other configuration, whatever its order.</summary>
internal sealed class BalancedPipelineFilter : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.AdditionalHandlers.OfType<LoadBalancingHandler>().Any())
        {
            Configure(builder);
        }
        else if (AutoRedirect.IsReplaced(builder.PrimaryHandler))
        {
            // This client is not balanced, but shares its primary handler with one that is. It must follow redirects as before.
            builder.PrimaryHandler = AutoRedirect.Replace(builder.PrimaryHandler);
        }
    };

    private static void Configure(HttpMessageHandlerBuilder builder)
    {
        // Both handlers rewrite the request's address to that of an endpoint. The second one would take that endpoint for a service.
        if (builder.AdditionalHandlers.Any(ServiceDiscoveryInternals.IsResolvingHandler))
        {
            throw new InvalidOperationException(
                $"The HTTP client '{builder.Name}' has both AddLoadBalancing() and AddServiceDiscovery(). AddLoadBalancing() resolves services by itself: remove AddServiceDiscovery() from this client, or from ConfigureHttpClientDefaults.");
        }

        // The request needs a list of tried endpoints only if outer handlers may retry or copy it.
        if (builder.AdditionalHandlers[0] is not LoadBalancingHandler)
        {
            builder.AdditionalHandlers.Insert(0, new TriedEndpointsHandler());
        }

        // If a gRPC client finds a SocketsHttpHandler at the end of the pipeline, it connects to the logical name by itself. This property
        // prevents that.
        if (builder.PrimaryHandler is SocketsHttpHandler sockets)
        {
            sockets.Properties["__GrpcLoadBalancingDisabled"] = true;
        }

        builder.AdditionalHandlers.OfType<LoadBalancingHandler>().First().Primary = builder.PrimaryHandler;
        builder.PrimaryHandler = AutoRedirect.Replace(builder.PrimaryHandler);
    }
}
