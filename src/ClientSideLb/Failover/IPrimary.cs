namespace ClientSideLb;

/// <summary>The handlers below the balancer, for what sends on its behalf.</summary>
internal interface IPrimary
{
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken);
}
