using Microsoft.Extensions.Http;

namespace ClientSideLb;

/// <summary>Looks over the finished pipeline of each client, after all that was configured in whatever order.</summary>
internal sealed class BalancedPipelineFilter : IHttpMessageHandlerBuilderFilter
{
    private const string ServiceDiscoveryHandler = "Microsoft.Extensions.ServiceDiscovery.Http.ResolvingHttpDelegatingHandler";

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (!builder.AdditionalHandlers.OfType<LoadBalancingHandler>().Any())
        {
            return;
        }

        // Both rewrite the request to an endpoint; whichever comes second would look up the first one's choice as a service.
        if (builder.AdditionalHandlers.Any(static handler => handler.GetType().FullName == ServiceDiscoveryHandler))
        {
            throw new InvalidOperationException(
                $"The HTTP client '{builder.Name}' has both AddLoadBalancing() and AddServiceDiscovery(). AddLoadBalancing() resolves services by itself: remove AddServiceDiscovery() from this client, or from ConfigureHttpClientDefaults.");
        }

        builder.AdditionalHandlers.Insert(0, new TriedEndpointsHandler());

        // gRPC clients see a SocketsHttpHandler at the end of the chain and would connect to the logical name by themselves.
        if (builder.PrimaryHandler is SocketsHttpHandler sockets)
        {
            sockets.Properties["__GrpcLoadBalancingDisabled"] = true;
        }
    };
}
