namespace ClientSideLb.Requests;

/// <summary>
/// The outermost handler of a balanced client. It adds the list of tried endpoints to each request before any other handler sees it. A
/// handler that sends copies of the request, such as a hedging one, then copies the list, too, so that its attempts go to different
/// endpoints.
/// </summary>
internal sealed class TriedEndpointsHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.GetOrAddTriedEndpoints();
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.GetOrAddTriedEndpoints();
        return base.Send(request, cancellationToken);
    }
}
