namespace ClientSideLb;

/// <summary>
/// The outermost handler of a pipeline with other handlers around the balancer. It gives each request its list of tried endpoints before
/// anybody copies it: a hedging handler sends copies, and all of them are to go to different endpoints.
/// </summary>
internal sealed class TriedEndpointsHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.GetTriedEndpoints();
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.GetTriedEndpoints();
        return base.Send(request, cancellationToken);
    }
}
