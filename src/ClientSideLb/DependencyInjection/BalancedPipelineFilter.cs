using ClientSideLb.Clients;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;
using Microsoft.Extensions.Http;

namespace ClientSideLb.DependencyInjection;

/// <summary>Looks over the finished pipeline of each client, after all that was configured in whatever order.</summary>
internal sealed class BalancedPipelineFilter : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.AdditionalHandlers.OfType<LoadBalancingHandler>().Any())
        {
            Configure(builder);
        }
        else if (Redirects.AreTakenFrom(builder.PrimaryHandler))
        {
            // A client that is not balanced may share its primary handler with one that is.
            builder.PrimaryHandler = Redirects.Around(builder.PrimaryHandler);
        }
    };

    private static void Configure(HttpMessageHandlerBuilder builder)
    {
        // Both rewrite the request to an endpoint; whichever comes second would look up the first one's choice as a service.
        if (builder.AdditionalHandlers.Any(ServiceDiscoveryInternals.IsResolvingHandler))
        {
            throw new InvalidOperationException(
                $"The HTTP client '{builder.Name}' has both AddLoadBalancing() and AddServiceDiscovery(). AddLoadBalancing() resolves services by itself: remove AddServiceDiscovery() from this client, or from ConfigureHttpClientDefaults.");
        }

        // Only other handlers around the balancer send copies or retries.
        if (builder.AdditionalHandlers[0] is not LoadBalancingHandler)
        {
            builder.AdditionalHandlers.Insert(0, new TriedEndpointsHandler());
        }

        // gRPC clients see a SocketsHttpHandler at the end of the chain and would connect to the logical name by themselves.
        if (builder.PrimaryHandler is SocketsHttpHandler sockets)
        {
            sockets.Properties["__GrpcLoadBalancingDisabled"] = true;
        }

        builder.PrimaryHandler = Redirects.Around(builder.PrimaryHandler);
    }
}
