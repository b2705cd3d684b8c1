namespace ClientSideLb;

/// <summary>
/// The outermost handler of a balanced client: gives each request its list of tried endpoints before any other handler sees it.
/// A handler that sends copies, as hedging does, then copies the list along, and its attempts keep apart.
/// </summary>
internal sealed class TriedEndpointsHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Begin(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Begin(request);
        return base.Send(request, cancellationToken);
    }

    // Where nobody stands between, the balancer's own handler makes the list when it needs it, without a look first whether it is there.
    private void Begin(HttpRequestMessage request)
    {
        if (InnerHandler is not LoadBalancingHandler)
        {
            request.GetTriedEndpoints();
        }
    }
}
