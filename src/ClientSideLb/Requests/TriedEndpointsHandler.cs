namespace ClientSideLb.Requests;

/// <summary>
/// The outermost handler of a balanced client: gives each request its list of tried endpoints before any other handler sees it.
/// A handler that sends copies, as hedging does, then copies the list along, and its attempts keep apart.
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
